import {
  cloudsAtCore,
  type CoreTarget,
  ledgerTotals,
  readCoverage,
  type Store,
} from "../../store/mod.ts";
import type { CloudFacts } from "./plan.ts";

/** What the store knows about clouds that decides what of them a core may be told. */
export function cloudFacts(
  store: Store,
  run: string,
  clouds: readonly string[],
  target: CoreTarget,
): readonly CloudFacts[] {
  const coverage = new Map(readCoverage(store, run).map((each) => [each.cloud, each]));
  const atCore = new Map(cloudsAtCore(store, target).map((each) => [each.cloud, each]));
  const ledger = Map.groupBy(ledgerTotals(store, run, clouds), ({ cloud }) => cloud);
  return [...new Set(clouds)].sort().map((cloud) => ({
    cloud,
    coverage: coverage.get(cloud),
    ledger: ledger.get(cloud) ?? [],
    adoptedRun: atCore.get(cloud)?.adoptedRun,
  }));
}
