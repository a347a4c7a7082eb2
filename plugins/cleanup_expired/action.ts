import { type Decision, defineAction } from "ckworker";
import { decideExpired, expiredQuery } from "./rules.ts";

/** Marks what is expired. */
export const action = defineAction({
  async run({ query, decide, dialect, now }) {
    const decisions: Decision[] = [];
    for await (const record of query(expiredQuery(dialect, now))) {
      const decision = record.type === "node" ? decideExpired(record, now) : undefined;
      if (decision !== undefined) decisions.push(decision);
    }
    await decide(decisions);
  },
});
