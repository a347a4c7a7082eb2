import {
  type ActionNode,
  deltaToText,
  type Generation,
  obstacle,
  parseDelta,
  parseTagDuration,
  queryWords,
} from "ckworker";
import type { ValidatorConfig } from "./config.ts";

/** Tag that says how long a node is to live. */
export const EXPIRATION = "expiration";

/** Nodes of the listed kinds and accounts that have the tag. */
export function expirationsQuery(dialect: Generation, config: ValidatorConfig): string {
  const { path, list, text, untouched } = queryWords(dialect);
  const accounts = [...Map.groupBy(config.accounts, ({ cloud }) => cloud)].map(([cloud, limits]) =>
    `(${path("ancestors.cloud.reported.id")} == ${text(cloud)} and ` +
    `${path("ancestors.account.reported.id")} in ${list(limits.map(({ account }) => account))})`
  );
  return [
    untouched,
    `${path("reported.kind")} in ${list(config.kinds)}`,
    `has_key(${path("reported.tags")}, ${text(EXPIRATION)})`,
    `(${accounts.join(" or ")})`,
  ].join(" and ");
}

/** A tag that is to be replaced. */
export interface Replacement {
  readonly node: string;
  readonly value: string;
  readonly reason: string;
}

/**
 * Replaces a tag that lets a node live longer than its account allows; undefined for any other. A tag
 * counts as the core reads it, for that is when the node expires; one that the core does not read
 * lets it live for ever, and is replaced by what it seems to say, up to the limit.
 */
export function replacementFor(
  node: ActionNode,
  config: ValidatorConfig,
  dialect: Generation,
): Replacement | undefined {
  const limit = config.accounts.find(({ cloud, account }) =>
    cloud === node.cloud && account === node.account
  );
  const tag = node.tags[EXPIRATION];
  if (limit === undefined || tag === undefined || obstacle(node) !== undefined) return undefined;
  if (!config.kinds.includes(node.kind)) return undefined;
  const lifetime = parseTagDuration(tag, dialect);
  if (lifetime !== undefined && lifetime <= limit.max) return undefined;
  const value = deltaToText(Math.min(lifetime ?? parseDelta(tag) ?? limit.max, limit.max));
  const what = lifetime === undefined ? "is no lifetime that a core reads" : "exceeds the limit";
  const reason = `Expiration tag "${tag.slice(0, 100)}" ${what} (${deltaToText(limit.max)} ` +
    `in account ${limit.account}); setting it to "${value}"`;
  return { node: node.id, value, reason: reason.slice(0, 2_000) };
}
