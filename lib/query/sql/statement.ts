import type { ParsedQuery } from "../parse.ts";
import type { Path, Query } from "../tree.ts";
import { type Aggregation, aggregation } from "./aggregation.ts";
import { chainOf } from "./chain.ts";
import { SqlContext, type SqlOptions } from "./context.ts";
import { joinSql, param, raw, type Sql, sql } from "./fragment.ts";
import { mergedJson, mergedOperand } from "./merged.ts";
import { nodeSource } from "./node.ts";

export type { Sql, SqlValue } from "./fragment.ts";
export { type SqlFunction, sqlFunctions } from "./functions.ts";
export type { Aggregation } from "./aggregation.ts";

/** A query as SQL over the tables of the store. */
export interface QuerySql {
  /** Keys of the answer as `key`, in order, with the `tag` of each: tagged nodes come first. */
  readonly answer: Sql;
  /** What is merged into each node, as JSON text of a row `n` of `nodes`. */
  readonly merges: readonly { readonly name: string; readonly json: Sql }[];
  /** JSON text of a property of a row `n` of `nodes`; null when the node has none. */
  readonly property: (path: Path) => Sql;
  /** The groups, for queries that aggregate. */
  readonly aggregation: Aggregation | undefined;
}

/** What a query is compiled with. */
export type CompileOptions = Pick<SqlOptions, "kinds" | "types" | "now">;

/**
 * Compiles a query for the embedded store.
 * @throws QueryError `query.unsupported` for what the store has no answer to, `query.meaning` for
 *   values that their property cannot be compared with
 */
export function compileQuery(parsed: ParsedQuery, options: CompileOptions): QuerySql {
  const { query, text, places } = parsed;
  const context = new SqlContext({
    ...options,
    text,
    places,
    ancestors: query.ancestors,
    merged: mergedOperand,
  });
  const last = query.parts.at(-1);
  const merges = last?.nav === undefined ? last?.merges ?? [] : [];
  const node = raw("n");
  return {
    answer: answerOf(query, context),
    merges: merges.map((merge) => ({
      name: merge.name,
      json: mergedJson(merge, node, context),
    })),
    property: (path) => nodeSource(node, context.withMerges(merges)).property(path).json,
    aggregation: query.aggregate === undefined ? undefined : aggregation(query, context),
  };
}

/** Every node once: where it stands first, tagged parts before the rest. */
function answerOf(query: Query, context: SqlContext): Sql {
  const { before, tagged, ...last } = chainOf(query.parts, undefined, context);
  if (tagged.length === 0) {
    return sql`${before}SELECT key, NULL AS tag FROM (${inOrder(last)}) LIMIT -1`;
  }
  const stages = [...tagged, { ...last, tag: null }].map((part, index) =>
    sql`SELECT key, ${param(part.tag)} AS tag, ${raw(String(index))} AS stage,
      row_number() OVER () AS rank FROM (${inOrder(part)})`
  );
  return sql`${before}SELECT key, tag FROM (
    SELECT key, tag, stage, rank,
      row_number() OVER (PARTITION BY key ORDER BY stage, rank) AS time
    FROM (${joinSql(stages, "\nUNION ALL ")}))
    WHERE time = 1 ORDER BY stage, rank LIMIT -1`;
}

/** What has no order of its own comes as it was stored. */
function inOrder({ keys, ordered }: { readonly keys: Sql; readonly ordered: boolean }): Sql {
  return ordered ? keys : sql`SELECT key FROM (${keys}) ORDER BY key LIMIT -1`;
}
