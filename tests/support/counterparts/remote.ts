import { startGraphServer } from "../remote/graph_server.ts";
import { changeGraph, graphText } from "../remote/graph_text.ts";
import {
  type Counterpart,
  FAST_SAAS,
  type PluginCounterpart,
  type Trouble,
} from "./counterpart.ts";

const TOKEN = "t0ken-of-the-tests";

/** A server with an export of a made-up cloud. */
export const remote: PluginCounterpart = {
  plugin: "remote",
  base: FAST_SAAS,
  start,
  reaches: (kind) => kind.startsWith("random_"),
};

async function start(holding: "everything" | "nothing"): Promise<Counterpart> {
  const size = holding === "everything" ? 100 : 0;
  const text = await graphText([["random", { size, accounts: 1 }]]);
  const server = startGraphServer(text);
  server.authorization = `Bearer ${TOKEN}`;
  let bad = false;
  const spoilt = changeGraph(text, (record) => {
    if (bad || record.kind !== "random_volume") return record;
    bad = true;
    return "{";
  });
  return {
    configuration: { options: { endpoint: [server.graph], cloud: ["random"], token: [TOKEN] } },
    trouble(what: Trouble | undefined) {
      server.text = what === "bad record" ? spoilt : text;
      server.authorization = what === "no credentials" ? "Bearer another" : `Bearer ${TOKEN}`;
      const effect = { type: "answer", status: 500 } as const;
      server.setRules(what === "broken list" ? [{ path: /graph/, effect }] : []);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
