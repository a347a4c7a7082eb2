import { join } from "node:path";
import { kubeconfig } from "../k8s/collect.ts";
import { object, shop } from "../k8s/estate.ts";
import { type FakeApi, startFakeApi, status } from "../k8s/fake_api.ts";
import { samples } from "../k8s/samples.ts";
import type { Counterpart, PluginCounterpart, Trouble } from "./counterpart.ts";

/** The simulated API server. */
export const k8s: PluginCounterpart = {
  plugin: "k8s",
  base: new URL("../fast_k8s/main.ts", import.meta.url),
  start,
};

async function start(holding: "everything" | "nothing"): Promise<Counterpart> {
  const objects = holding === "everything" ? everything() : [];
  const api = startFakeApi(objects);
  const folder = await Deno.makeTempDir({ prefix: "ckworker-k8s-" });
  const config = join(folder, "kubeconfig");
  const text = kubeconfig([{ name: "dev", server: api.url }]);
  await Deno.writeTextFile(config, text);
  return {
    configuration: { options: { config, context: ["dev"] }, files: { [config]: text } },
    trouble: (what) => spoil(api, objects, what),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A shop, and one of each kind that it has not. */
function everything() {
  const known = new Set(shop().map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  return [
    ...shop(),
    ...samples().filter(({ kind, metadata }) => !known.has(`${kind} ${metadata.name}`)),
  ];
}

function spoil(
  api: FakeApi,
  objects: FakeApi["objects"],
  what: Trouble | undefined,
): void {
  api.unchecked = what === "bad record";
  api.objects = what === "bad record"
    ? [...objects, object("v1", "ServiceAccount", "shop/x", {}, { uid: "" })]
    : [...objects];
  api.fault = ({ path }) => {
    if (what === "no credentials") return status(401, "Unauthorized");
    return what === "broken list" && path.endsWith("/pods") ? status(500, "Broken") : undefined;
  };
}
