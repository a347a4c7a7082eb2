import {
  type ActionNode,
  type Decision,
  deltaToText,
  type Generation,
  queryWords,
  timeSince,
} from "ckworker";
import type { UntaggedConfig } from "./config.ts";

/** Nodes of the listed kinds and accounts that miss a tag and are old enough. */
export function untaggedQuery(dialect: Generation, config: UntaggedConfig): string {
  const { path, list, text, untouched } = queryWords(dialect);
  const groups = Map.groupBy(config.accounts, ({ cloud, age }) => JSON.stringify([cloud, age]));
  const accounts = [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const ids = [first, ...rest].map(({ account }) => account);
    const parts = [
      `${path("ancestors.cloud.reported.id")} == ${text(first.cloud)}`,
      `${path("ancestors.account.reported.id")} in ${list(ids)}`,
      `${path("reported.age")} > ${deltaToText(first.age)}`,
    ];
    return [`(${parts.join(" and ")})`];
  });
  return [
    untouched,
    `${path("reported.kind")} in ${list(config.kinds)}`,
    `not(has_key(${path("reported.tags")}, ${list(config.tags)}))`,
    `(${accounts.join(" or ")})`,
  ].join(" and ");
}

/** Marks a node that has to have tags and misses one; undefined for any other. */
export function decideUntagged(
  node: ActionNode,
  config: UntaggedConfig,
  now: Date,
): Decision | undefined {
  const rule = config.accounts.find(({ cloud, account }) =>
    cloud === node.cloud && account === node.account
  );
  const age = timeSince(node, "ctime", now);
  if (rule === undefined || age === undefined || age <= rule.age || node.isMarked) return undefined;
  const missing = config.tags.filter((tag) => !Object.hasOwn(node.tags, tag));
  if (missing.length === 0 || !config.kinds.includes(node.kind)) return undefined;
  const reason = `Missing one or more of required tags ${config.tags.join(", ")}` +
    ` (${missing.join(", ")}) and age more than ${deltaToText(rule.age)}`;
  return { type: "mark", node: node.id, reason: reason.slice(0, 2_000) };
}
