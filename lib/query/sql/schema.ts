import type { KindIndex } from "../../model/mod.ts";
import type { EdgeType } from "../tree.ts";
import { listed, literal, raw, type Sql, sql } from "./fragment.ts";

/** Numbers of the types of edges that the store has. */
const EDGE_NUMBERS: Readonly<Partial<Record<EdgeType, number>>> = { dependency: 0, delete: 1 };

/** Condition on the type of an edge; null when every stored edge fulfils it. */
export function isOfType(edge: Sql, types: readonly EdgeType[]): Sql | null {
  const numbers = types.flatMap((type) => EDGE_NUMBERS[type] ?? []);
  if (numbers.length === Object.keys(EDGE_NUMBERS).length) return null;
  return numbers.length === 0 ? raw("0") : sql`${edge}.type IN (${raw(numbers.join(", "))})`;
}

/** Whether a node is of one of these kinds. */
export function isOfKind(node: Sql, names: readonly string[]): Sql {
  return sql`${node}.kind IN (SELECT kind FROM kinds WHERE name IN ${listed(names)})`;
}

/** These kinds and all that derive from them; unknown ones stand for themselves. */
export function derivedKinds(kinds: KindIndex, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => kinds.get(name) === undefined ? [name] : kinds.derived(name));
}

/** Whether its kind is phantom, or the node itself was collected as one. */
export function isPhantom(node: Sql, kinds: KindIndex): Sql {
  const names = [...kinds.all()].map(({ name }) => name).filter((name) => kinds.isPhantom(name));
  return sql`(${isOfKind(node, names)} OR ${hasExtra(node, "ph")})`;
}

/** Whether it was collected as protected, or someone protected it. */
export function isProtected(node: Sql): Sql {
  return sql`(${hasExtra(node, "pr")} OR ${isFlagged(node, "protected")})`;
}

/** Whether it is marked for clean-up. */
export function isMarked(node: Sql): Sql {
  return isFlagged(node, "marked");
}

/** Whether it was deleted after its scope was last looked at; the next look takes it away. */
export function isCleaned(node: Sql): Sql {
  return flagged(node, sql`g.cleaned_at >= ${seenAt(raw("f"))}`);
}

/** Whether it was no part of the last look at its scope. */
export function isStale(node: Sql): Sql {
  return sql`(${node}.seen_run IS NOT NULL OR (
    SELECT s.seen_run IS NOT s.run FROM scopes s WHERE s.scope = ${node}.scope))`;
}

function isFlagged(node: Sql, flag: "protected" | "marked"): Sql {
  return flagged(node, sql`g.${raw(flag)}`);
}

/** Few nodes have flags: they are found once, from the flags, and not for each node. */
function flagged(node: Sql, condition: Sql): Sql {
  return sql`${node}.key IN (
    SELECT f.key FROM flags g CROSS JOIN kinds k ON k.name = g.kind CROSS JOIN places p
      ON p.cloud = g.cloud AND p.account = g.account AND p.region = g.region AND p.zone = g.zone
      CROSS JOIN nodes f ON f.kind = k.kind AND f.place = p.place AND f.id = g.id
        AND f.twin = g.twin
    WHERE ${condition})`;
}

function hasExtra(node: Sql, name: "ph" | "pr"): Sql {
  return sql`CASE WHEN ${node}.extras = '' THEN 0
    ELSE ${node}.extras ->> ${literal(`$."${name}"`)} IS 1 END`;
}

/** Start of the run that first saw the node. */
export function firstSeen(node: Sql): Sql {
  return sql`(SELECT ${toSecond(raw("f.started_at"))} FROM runs f
    WHERE f.run = ${node}.first_run)`;
}

/** When it was part of a look at its scope for the last time. */
export function lastSeen(node: Sql): Sql {
  return toSecond(seenAt(node));
}

function seenAt(node: Sql): Sql {
  return sql`coalesce(${node}.seen_at,
    (SELECT s.seen_at FROM scopes s WHERE s.scope = ${node}.scope))`;
}

/** Start of the run that last found the node different; the first that saw it when none did. */
export function lastChanged(node: Sql): Sql {
  return sql`coalesce((SELECT ${toSecond(raw("r.started_at"))} FROM history h
      JOIN runs r ON r.run = h.until_run
      WHERE h.key = ${node}.key ORDER BY h.until_run DESC LIMIT 1), ${firstSeen(node)})`;
}

/** A node of which the cloud does not say when it was made is as old as we know it. */
export function createdAt(node: Sql): Sql {
  return sql`coalesce(${node}.body ->> '$."ctime"', ${firstSeen(node)})`;
}

/**
 * When a node may be cleaned up, by its tags: a time, or how long after it was made. A tag that
 * cannot be read sets no end.
 */
export function expiresAt(node: Sql): Sql {
  const tag = (name: string) => sql`${node}.body ->> ${literal(`$."tags"."${name}"`)}`;
  const end = tag("cloudkeeper:expires");
  const length = sql`coalesce(${tag("cloudkeeper:expiration")}, ${tag("expiration")})`;
  return sql`CASE WHEN ${end} IS NOT NULL THEN ck_date(${end})
    WHEN ${length} IS NOT NULL THEN ck_expiry(${length}, ${createdAt(node)}) END`;
}

function toSecond(time: Sql): Sql {
  return sql`substr(${time}, 1, 19) || 'Z'`;
}
