import type { Part, SortKey, With } from "../tree.ts";
import { AGES } from "../property_types.ts";
import type { SqlContext } from "./context.ts";
import { typeRank } from "./compare.ts";
import { combine, joinSql, param, raw, type Sql, sql } from "./fragment.ts";
import { nodeSource } from "./node.ts";
import { condition, dateOfAge } from "./term.ts";
import { reached } from "./walk.ts";

/** The parts of a query as common table expressions, and the keys that are left at the end. */
export interface Chain {
  /** `WITH …`; empty when nothing is needed before. */
  readonly before: Sql;
  /** Statement of the keys, in the order of the last part where it has one. */
  readonly keys: Sql;
  /** Whether it has one. */
  readonly ordered: boolean;
  /** The same of tagged parts, one behind the other. */
  readonly tagged: readonly TaggedKeys[];
}

/** Keys of a tagged part. */
interface TaggedKeys {
  readonly tag: string;
  readonly keys: Sql;
  readonly ordered: boolean;
}

/**
 * Compiles parts one behind the other.
 * @param start keys to start from; all nodes when undefined
 */
export function chainOf(
  parts: readonly Part[],
  start: Sql | undefined,
  context: SqlContext,
): Chain {
  const tables: Sql[] = [];
  const tagged: TaggedKeys[] = [];
  let from = start;
  let ordered = false;
  const keep = (keys: Sql) => {
    const table = context.alias("p");
    tables.push(sql`${table}(key) AS (${keys})`);
    return sql`SELECT key FROM ${table}`;
  };
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1 && part.nav === undefined;
    const keys = filtered(part, from, context);
    from = last && part.tag === undefined ? keys : keep(keys);
    ordered = isOrdered(part);
    if (part.tag !== undefined) tagged.push({ tag: part.tag, keys: from, ordered });
    if (part.nav === undefined) continue;
    from = keep(reached(part.nav, from, context));
    ordered = false;
  }
  const before = tables.length === 0 ? raw("") : sql`WITH ${joinSql(tables, ",\n")}\n`;
  return { before, keys: from ?? sql`SELECT key FROM nodes`, ordered, tagged };
}

function isOrdered({ sort, limit, reversed }: Part): boolean {
  return sort.length > 0 || limit !== undefined || reversed;
}

/** Keys that a part lets through, sorted and cut. */
function filtered(part: Part, from: Sql | undefined, context: SqlContext): Sql {
  const { term, after, within, sort, limit, usage, reversed } = part;
  if (usage !== undefined) throw context.unsupported("the store has no usage figures", undefined);
  const node = context.alias("n");
  const inner = context.withMerges(part.merges);
  const place = { source: nodeSource(node, inner), node, context: inner };
  const conditions = [
    ...[term, after].flatMap((one) => one === undefined ? [] : [condition(one, place)]),
    ...(within === undefined ? [] : [isWithin(within, sql`SELECT ${node}.key AS key`, context)]),
  ];
  const ordered = isOrdered(part);
  if (from !== undefined && conditions.length === 0 && !ordered) return from;
  const rows = from === undefined
    ? sql`nodes ${node}`
    : sql`(${from}) s CROSS JOIN nodes ${node} ON ${node}.key = s.key`;
  const where = conditions.length === 0 ? raw("") : sql`WHERE ${combine(conditions, "AND")}`;
  const all = sql`SELECT ${node}.key AS key FROM ${rows} ${where}`;
  if (!ordered) return all;
  const order = [...sort.flatMap((key) => sortTerms(key, node, inner)), sql`+${node}.key`];
  const cut = sql`${all} ORDER BY ${joinSql(order, ", ")} LIMIT ${param(limit?.count ?? -1)}
    OFFSET ${param(limit?.offset ?? 0)}`;
  if (!reversed) return cut;
  return sql`SELECT key FROM (SELECT key, row_number() OVER () AS rank FROM (${cut}))
    ORDER BY rank DESC LIMIT -1`;
}

/** Nodes are ordered by the type of the value, then by the value; an age is its date turned. */
function sortTerms({ path, descending }: SortKey, node: Sql, context: SqlContext): readonly Sql[] {
  const age = path[0]?.name === "reported" && path.length === 2 && AGES.has(path[1]?.name ?? "");
  const { type, value, fixed } = nodeSource(node, context).property(age ? dateOfAge(path) : path);
  const direction = raw(descending !== age ? "DESC" : "ASC");
  const rank = fixed !== undefined ? [] : [
    sql`${typeRank(type)} ${direction}`,
  ];
  return [...rank, sql`${value} ${direction}`];
}

function isWithin(within: With, start: Sql, context: SqlContext): Sql {
  const { op, number, nav, term, within: next } = within;
  const node = context.alias("n");
  const place = { source: nodeSource(node, context), node, context };
  const conditions = [
    ...(term === undefined ? [] : [condition(term, place)]),
    ...(next === undefined ? [] : [isWithin(next, sql`SELECT ${node}.key AS key`, context)]),
  ];
  const keys = reached(nav, start, context);
  const rows = conditions.length === 0
    ? sql`FROM (${keys})`
    : sql`FROM (${keys}) r CROSS JOIN nodes ${node} ON ${node}.key = r.key WHERE ${
      combine(conditions, "AND")
    }`;
  if (number === 0 && op === "==") return sql`NOT EXISTS (SELECT 1 ${rows})`;
  if (number === 0 && op === ">") return sql`EXISTS (SELECT 1 ${rows})`;
  return sql`(SELECT count(*) ${rows}) ${raw(op)} ${param(number)}`;
}
