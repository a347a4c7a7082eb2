import type { Merge, Part, Path, PathStep } from "../tree.ts";
import { chainOf } from "./chain.ts";
import type { SqlContext } from "./context.ts";
import { param, type Sql, sql } from "./fragment.ts";
import { documentOf, nodeSource } from "./node.ts";
import { jsonSource, type Operand, wholeJson, wrapped } from "./operand.ts";
import { reachedByDepth } from "./walk.ts";

/** A path into a node that the part itself merges in; undefined for other paths. */
export function mergedOperand(path: Path, node: Sql, context: SqlContext): Operand | undefined {
  const merge = context.merges.find(({ name }) => startsWith(path, name.split(".")));
  if (merge === undefined) return undefined;
  const rest = path.slice(merge.name.split(".").length);
  if (merge.list || rest.length === 0) {
    const list = mergedJson(merge, node, context);
    const index = path[merge.name.split(".").length - 1]?.index;
    if (rest.length === 0 && index === undefined) return wholeJson(list);
    const steps = [{ name: "", ...(index === undefined ? {} : { index }) }, ...rest];
    return elementPath(list, steps, context);
  }
  const other = context.alias("m");
  const key = sql`SELECT key FROM (${keysInOrder(merge, node, context)}) LIMIT 1`;
  return wrapped(
    nodeSource(other, context.withMerges([])).property(rest),
    (expression) => sql`(SELECT ${expression} FROM nodes ${other} WHERE ${other}.key = (${key}))`,
  );
}

/** What is merged into a node, as JSON: one document, or a list of them. */
export function mergedJson(merge: Merge, node: Sql, context: SqlContext): Sql {
  const inner = context.withMerges([]);
  if (merge.query.aggregate !== undefined) {
    throw context.unsupported(`the store cannot aggregate what is merged as ${merge.name}`, merge);
  }
  const other = context.alias("m");
  const document = documentOf(other, inner);
  const all = keysInOrder(merge, node, inner);
  const keys = merge.list ? all : sql`SELECT key FROM (${all}) LIMIT 1`;
  const rows = sql`FROM (${keys}) r CROSS JOIN nodes ${other} ON ${other}.key = r.key`;
  return merge.list
    ? sql`(SELECT json_group_array(json(${document})) ${rows})`
    : sql`(SELECT ${document} ${rows})`;
}

/** Where one navigation leads to the nodes, the nearest come first. */
function keysInOrder({ query }: Merge, node: Sql, context: SqlContext): Sql {
  const [first, second, ...more] = query.parts;
  const start = sql`SELECT ${node}.key AS key`;
  if (first?.nav === undefined || more.length > 0 || !isPlain(second)) {
    const { before, keys, ordered } = chainOf(query.parts, start, context);
    return sql`${before}${ordered ? keys : sql`SELECT key FROM (${keys}) ORDER BY key LIMIT -1`}`;
  }
  const near = sql`SELECT key FROM (${reachedByDepth(first.nav, start, context)})
    ORDER BY depth, key LIMIT -1`;
  if (second === undefined) return near;
  const { before, keys } = chainOf([second], near, context);
  return sql`${before}${keys}`;
}

function isPlain(part: Part | undefined): boolean {
  return part === undefined ||
    part.nav === undefined && part.sort.length === 0 && part.limit === undefined;
}

function elementPath(list: Sql, steps: readonly PathStep[], context: SqlContext): Operand {
  const [first, ...rest] = steps;
  const index = typeof first?.index === "number" ? `[${first.index}]` : "";
  const element = sql`${list} -> ${param(`$${index}`)}`;
  if (rest.length === 0) return wholeJson(element);
  return jsonSource(element, (path) => context.unsupported("names with quotes", path)).property(
    rest,
  );
}

function startsWith(path: Path, names: readonly string[]): boolean {
  return names.every((name, index) => path[index]?.name === name);
}
