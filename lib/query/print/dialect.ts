import { type CkErrorOptions, QueryError } from "../../errors/mod.ts";

/** Generations of the query language: `ckcore` says "query", `fixcore` says "search". */
export const QUERY_DIALECTS = ["ckcore", "fixcore"] as const;
export type QueryDialect = typeof QUERY_DIALECTS[number];

/** The fault of asking a core for something that it has no words for. */
export function cannotSay(
  what: string,
  dialect: QueryDialect,
  options: CkErrorOptions = {},
): QueryError {
  return new QueryError("dialect", `a ${dialect} cannot be asked for ${what}`, options);
}
