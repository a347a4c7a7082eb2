import { QueryError } from "../../errors/mod.ts";
import { printQuery, QUERY_DIALECTS } from "../../query/mod.ts";
import type { StoredQuery } from "../../store/query/prepare.ts";

/** How a query is said to a core, and how the store answers it. */
export function explain({ parsed, statement, plan }: StoredQuery): string {
  const said = QUERY_DIALECTS.map((dialect) => `${dialect}: ${sayTo(dialect, parsed.query)}`);
  const values = statement.values.map((value) => JSON.stringify(value)).join(", ");
  return [
    ...said,
    "",
    "SQL:",
    statement.text,
    ...(values === "" ? [] : ["", `Values: ${values}`]),
    "",
    "Plan:",
    ...plan().map((step) => `  ${step}`),
    "",
  ].join("\n");
}

function sayTo(
  dialect: typeof QUERY_DIALECTS[number],
  query: StoredQuery["parsed"]["query"],
): string {
  try {
    return printQuery(query, dialect);
  } catch (thrown) {
    if (thrown instanceof QueryError) return `(${thrown.message})`;
    throw thrown;
  }
}
