import type { EdgeType, Navigation } from "../tree.ts";
import type { SqlContext } from "./context.ts";
import { raw, type Sql, sql } from "./fragment.ts";
import { isOfType } from "./schema.ts";

/** Steps in one direction. */
interface Steps {
  readonly direction: "in" | "out";
  readonly types: readonly EdgeType[];
  readonly from: number;
  readonly to: number | undefined;
}

/** Steps after which a walk that has to count them ends. */
const FARTHEST = 250;

/**
 * Keys of all nodes that a navigation reaches, each once.
 * @param start statement that gives the keys of the nodes to start from, as `key`
 */
export function reached(nav: Navigation, start: Sql, context: SqlContext): Sql {
  const parts = stepsOf(nav, context).map((steps) => walk(steps, start, context));
  return parts.reduce((left, right) =>
    sql`SELECT key FROM (${left}) UNION SELECT key FROM (${right})`
  );
}

/** Keys of all nodes that a navigation reaches, with the least number of steps as `depth`. */
export function reachedByDepth(nav: Navigation, start: Sql, context: SqlContext): Sql {
  const parts = stepsOf(nav, context).map(({ from, to, ...steps }) => {
    const counted = { ...steps, from, to: to ?? Math.max(FARTHEST, from) };
    return countedWalk(counted, start, context, "min(depth) AS depth", "GROUP BY key");
  });
  const all = parts.reduce((left, right) =>
    sql`SELECT * FROM (${left}) UNION ALL SELECT * FROM (${right})`
  );
  return sql`SELECT key, min(depth) AS depth FROM (${all}) GROUP BY key`;
}

function stepsOf(nav: Navigation, context: SqlContext): readonly Steps[] {
  const { direction, types, outTypes, from, to, filter } = nav;
  if (filter !== undefined) {
    throw context.unsupported("edges in the store have no data to filter by", nav);
  }
  if (direction !== "both") return [{ direction, types, from, to }];
  const back = { direction: "in", types, from, to } as const;
  const start = Math.max(1, from);
  if (to !== undefined && to < start) return [back];
  return [back, { direction: "out", types: outTypes, from: start, to }];
}

function walk(steps: Steps, start: Sql, context: SqlContext): Sql {
  const { from, to } = steps;
  if (to === 0) return start;
  if (from === 1 && to === 1) return oneStep(steps, start, context);
  if (to !== undefined) return countedWalk({ ...steps, to }, start, context);
  if (from === 0) return everything(steps, start, context);
  return everything(steps, walk({ ...steps, to: from }, start, context), context);
}

function oneStep(steps: Steps, start: Sql, context: SqlContext): Sql {
  const [from, edge] = [context.alias("s"), context.alias("e")];
  return sql`SELECT DISTINCT ${far(steps, edge)} AS key FROM (${start}) ${from}
    ${crossEdges(steps, from, edge)}`;
}

/** All that can be reached, however far: every node is looked at once. */
function everything(steps: Steps, start: Sql, context: SqlContext): Sql {
  const [walked, edge] = [context.alias("w"), context.alias("e")];
  return sql`WITH RECURSIVE ${walked}(key) AS (
      SELECT key FROM (${start}) UNION
      SELECT ${far(steps, edge)} FROM ${walked} ${crossEdges(steps, walked, edge)})
    SELECT key FROM ${walked}`;
}

function countedWalk(
  steps: Steps & { readonly to: number },
  start: Sql,
  context: SqlContext,
  column = "",
  tail = "",
): Sql {
  const [walked, edge] = [context.alias("w"), context.alias("e")];
  const [from, to] = [raw(String(steps.from)), raw(String(steps.to))];
  const columns = column === "" ? raw("DISTINCT key") : raw(`key, ${column}`);
  return sql`WITH RECURSIVE ${walked}(key, depth) AS (
      SELECT key, 0 FROM (${start}) UNION
      SELECT ${far(steps, edge)}, ${walked}.depth + 1 FROM ${walked}
        ${crossEdges(steps, walked, edge)} WHERE ${walked}.depth < ${to})
    SELECT ${columns} FROM ${walked} WHERE depth >= ${from} ${raw(tail)}`;
}

function crossEdges({ direction, types }: Steps, from: Sql, edge: Sql): Sql {
  const near = raw(direction === "out" ? "from_key" : "to_key");
  const type = isOfType(edge, types);
  return sql`CROSS JOIN edges ${edge} ON ${edge}.${near} = ${from}.key ${
    type === null ? raw("") : sql`AND ${type}`
  }`;
}

function far({ direction }: Steps, edge: Sql): Sql {
  return sql`${edge}.${raw(direction === "out" ? "to_key" : "from_key")}`;
}
