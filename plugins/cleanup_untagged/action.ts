import { type Decision, defineAction, readConfigText } from "ckworker";
import { configSchema } from "./config.ts";
import { decideUntagged, untaggedQuery } from "./rules.ts";

/** Marks what misses a required tag, by the file as it is at this run. */
export const action = defineAction<{ readonly config?: string | undefined }>({
  async run({ options, files, query, decide, dialect, now, log }) {
    const path = options.config ?? "";
    const config = await readConfigText(path, files, configSchema);
    if (config === undefined) return log("warn", "action.config", `${path} says nothing`);
    const decisions: Decision[] = [];
    for await (const record of query(untaggedQuery(dialect, config))) {
      const decision = record.type === "node" ? decideUntagged(record, config, now) : undefined;
      if (decision !== undefined) decisions.push(decision);
    }
    await decide(decisions);
  },
});
