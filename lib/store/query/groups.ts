import type { QuerySql } from "../../query/mod.ts";
import type { Store } from "../store.ts";

/** One result of an aggregation: the values that the group has in common, and its figures. */
export interface QueryGroup {
  readonly group: Readonly<Record<string, unknown>>;
  readonly figures: Readonly<Record<string, string | number | null>>;
}

type GroupRow = Readonly<Record<string, string | number | null>>;

/** Groups one by one; none for a query that does not aggregate. */
export function* groupsOf(store: Store, { aggregation }: QuerySql): Generator<QueryGroup> {
  if (aggregation === undefined) return;
  const { statement, groups, figures } = aggregation;
  for (const row of store.db.iterate<GroupRow>(statement.text, ...statement.values)) {
    yield {
      group: Object.fromEntries(groups.map((name, index) => [name, valueOf(row[`g${index}`])])),
      figures: Object.fromEntries(
        figures.map((figure, index) => {
          const value = row[`f${index}`] ?? null;
          return [figure.name, figure.function === "stddev" ? root(value) : value];
        }),
      ),
    };
  }
}

function valueOf(json: string | number | null | undefined): unknown {
  return typeof json === "string" ? JSON.parse(json) : null;
}

/** Rounding may leave a hair less than nothing. */
function root(square: string | number | null): number | null {
  return typeof square === "number" ? Math.sqrt(Math.max(0, square)) : null;
}
