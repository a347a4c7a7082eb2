import type { CollectFilter } from "../sdk/mod.ts";
import type { Store } from "./store.ts";

/** What account discovery of one run found about a cloud. */
export interface CloudCoverage {
  readonly cloud: string;
  /** All accounts of the cloud were named. */
  readonly complete: boolean;
  /** Filters that were set. */
  readonly filters: readonly CollectFilter[];
  /** Some guest did not end by itself: scopes may be missing of which nobody knows. */
  readonly broken: boolean;
  /** Accounts that are known and were not looked at as a whole: suspended, or with closed regions. */
  readonly blind: readonly string[];
}

/** Writes the coverage of clouds in a run. */
export function recordCoverage(
  store: Store,
  run: string,
  coverage: readonly CloudCoverage[],
): void {
  store.db.transaction(() => {
    for (const { cloud, complete, filters, broken, blind } of coverage) {
      const lists = [JSON.stringify(filters), JSON.stringify(blind)];
      store.db.run(INSERT_COVERAGE, run, cloud, Number(complete), Number(broken), ...lists);
    }
  });
}

/** The coverage of the clouds in a run; a cloud of which nothing was told is absent. */
export function readCoverage(store: Store, run: string): readonly CloudCoverage[] {
  return store.db.all<CoverageRow>(SELECT_COVERAGE, run).map((row) => ({
    cloud: row.cloud,
    complete: row.complete === 1,
    filters: JSON.parse(row.filters),
    broken: row.broken === 1,
    blind: JSON.parse(row.blind),
  }));
}

interface CoverageRow {
  readonly cloud: string;
  readonly complete: number;
  readonly filters: string;
  readonly broken: number;
  readonly blind: string;
}

const INSERT_COVERAGE = `
INSERT OR REPLACE INTO coverage(run, cloud, complete, broken, filters, blind)
SELECT run, ?2, ?3, ?4, ?5, ?6 FROM runs WHERE id = ?1`;

const SELECT_COVERAGE = `
SELECT c.cloud, c.complete, c.filters, c.broken, c.blind FROM coverage c JOIN runs r ON r.run = c.run
WHERE r.id = ? ORDER BY c.cloud`;
