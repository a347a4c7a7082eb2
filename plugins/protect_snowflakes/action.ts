import { type Decision, defineAction, readConfigText } from "ckworker";
import {
  configSchema,
  keyOf,
  protectionOf,
  snowflakeKey,
  snowflakeQueries,
  snowflakesOf,
} from "./rules.ts";

/** Protects what the file lists, as the file is at this run. */
export const action = defineAction<{ readonly config?: string | undefined }>({
  async run({ options, files, query, decide, dialect, log }) {
    const path = options.config ?? "";
    const snowflakes = snowflakesOf(await readConfigText(path, files, configSchema) ?? {});
    if (snowflakes.length === 0) {
      return log("warn", "action.config", `${path} lists no node: nothing is protected`);
    }
    const missing = new Map(snowflakes.map((each) => [keyOf(each), each]));
    const listed = new Set(missing.keys());
    for (const text of snowflakeQueries(dialect, snowflakes)) {
      const decisions: Decision[] = [];
      for await (const record of query(text)) {
        const key = record.type === "node" ? snowflakeKey(record) : undefined;
        if (record.type !== "node" || key === undefined || !listed.has(key)) continue;
        missing.delete(key);
        decisions.push(protectionOf(record, path));
      }
      await decide(decisions);
    }
    for (const { kind, id, account, region } of missing.values()) {
      const message = `${kind} ${id} of ${path} is not in the graph`;
      log("warn", "snowflake.missing", message, { kind, account, region });
    }
  },
});
