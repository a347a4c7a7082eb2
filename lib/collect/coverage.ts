import { COLLECT_FILTERS } from "../sdk/mod.ts";
import type { CloudCoverage, LedgerTotals } from "../store/mod.ts";
import type { Coverage } from "./unopened.ts";

/** Coverage of a cloud with the accounts that exist, as far as they are known. */
export interface ToldCoverage extends CloudCoverage {
  /** Accounts that are collected, or known and left out. */
  readonly known: ReadonlySet<string>;
}

/**
 * What the guests of a collector found out about each of its clouds; a cloud of which no guest told
 * the accounts is absent, for nobody knows how much of it was looked at.
 * @param ledger of the run, with everything that it recorded
 */
export function coverageOf(
  { accounts, regions, broken }: Coverage,
  ledger: readonly LedgerTotals[],
): readonly ToldCoverage[] {
  const opened = new Set(
    ledger.filter(({ scopes, skipped, gone }) => scopes > skipped + gone)
      .map(({ cloud, account }) => JSON.stringify([cloud, account])),
  );
  const reports = Map.groupBy(accounts, (report) => report.cloud ?? "");
  return [...reports].map(([cloud, told]) => {
    const listed = told.flatMap((report) => report.accounts.map(({ id }) => id));
    const skipped = told.flatMap((report) => (report.skipped ?? []).map(({ id }) => id));
    const closed = regions.filter((each) => each.cloud === cloud && each.notEnabled.length > 0)
      .map(({ account }) => account);
    const untouched = listed.filter((id) => !opened.has(JSON.stringify([cloud, id])));
    return {
      cloud,
      complete: told.every(({ complete }) => complete),
      filters: COLLECT_FILTERS.filter((filter) =>
        told.some((report) => filtersOf(report).includes(filter))
      ),
      broken: broken !== undefined,
      blind: [...new Set([...skipped, ...closed, ...untouched])].sort(),
      known: new Set([...listed, ...skipped]),
    };
  });
}

/** A collector that only says that something is filtered may leave out anything. */
function filtersOf({ unfiltered, filters = [] }: Coverage["accounts"][number]) {
  return !unfiltered && filters.length === 0 ? COLLECT_FILTERS : filters;
}
