import { type Decision, defineAction, parseDelta, PluginError } from "ckworker";
import { decideVolume, volumesQuery } from "./rules.ts";

/** Marks volumes that nobody uses. */
export const action = defineAction<{ readonly age: string }>({
  async run({ options, query, decide, dialect, now }) {
    const limit = parseDelta(options.age);
    if (limit === undefined) throw new PluginError(`"${options.age}" is no span of time`);
    const decisions: Decision[] = [];
    for await (const record of query(volumesQuery(dialect))) {
      const decision = record.type === "node" ? decideVolume(record, limit, now) : undefined;
      if (decision !== undefined) decisions.push(decision);
    }
    await decide(decisions);
  },
});
