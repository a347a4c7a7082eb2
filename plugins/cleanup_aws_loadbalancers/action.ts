import { ActionGraph, defineAction, parseDelta, PluginError } from "ckworker";
import { balancersQuery, decideBalancers, KINDS } from "./rules.ts";

/** Marks load balancers and target groups that are of no use. */
export const action = defineAction<{ readonly age: string }>({
  async run({ options, query, decide, dialect, now }) {
    const limit = parseDelta(options.age);
    if (limit === undefined) throw new PluginError(`"${options.age}" is no span of time`);
    const graph = await ActionGraph.read(query(balancersQuery(dialect)), KINDS);
    await decide(decideBalancers(graph, limit, now));
  },
});
