import { ActionGraph, defineAction, readConfigText } from "ckworker";
import { configSchema } from "./config.ts";
import { decideVpcs, KINDS, vpcsQuery } from "./rules.ts";

/** Marks what is in marked VPCs, by the file as it is at this run. */
export const action = defineAction<{ readonly config?: string | undefined }>({
  async run({ options: { config: path }, files, query, decide, dialect, log }) {
    const accounts = path === undefined
      ? undefined
      : await readConfigText(path, files, configSchema);
    if (path !== undefined && accounts === undefined) {
      return log("warn", "action.config", `${path} lists no account: nothing is marked`);
    }
    const graph = await ActionGraph.read(query(vpcsQuery(dialect)), KINDS);
    await decide(decideVpcs(graph, accounts));
  },
});
