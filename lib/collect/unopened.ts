import { type Outcome, type ScopeFault, type ScopeKey, scopeText } from "../model/mod.ts";
import type { AccountReport, RegionReport } from "../sdk/mod.ts";
import type { AccountSource } from "../store/mod.ts";

/** What a collector told about accounts and regions, and how its guests ended. */
export interface Coverage {
  readonly accounts: readonly AccountReport[];
  readonly regions: readonly RegionReport[];
  /** Why a guest did not end by itself; undefined when all did. */
  readonly broken:
    | { readonly outcome: "failed" | "cancelled"; readonly fault: ScopeFault }
    | undefined;
}

/** The end of a scope that no guest opened in this run. */
export interface UnopenedScope {
  readonly scope: ScopeKey;
  readonly outcome: Outcome;
  readonly faults: readonly ScopeFault[];
}

/**
 * Decides about scopes that are known from earlier runs and were not opened in this one. Only an
 * account that a complete list named before and no longer names is `gone`, so that the list of one
 * organisation says nothing about the accounts of another; whatever was not looked at keeps its data.
 * An account that is known from a core alone is gone, too, if a complete list that nothing filters does
 * not name it: the cloud at the core is this collector's as a whole then.
 * @param membersOf accounts that the last complete list of a source named
 * @param adoptedOf accounts of a cloud that are known from a core alone
 */
export function concludeUnopened(
  known: Iterable<ScopeKey>,
  opened: ReadonlySet<string>,
  coverage: Coverage,
  membersOf: (source: AccountSource) => ReadonlySet<string>,
  adoptedOf: (cloud: string) => ReadonlySet<string> = () => new Set(),
): UnopenedScope[] {
  const judge = createJudge(coverage, membersOf, adoptedOf);
  const unopened: UnopenedScope[] = [];
  for (const scope of known) {
    if (!opened.has(scopeText(scope))) unopened.push({ scope, ...judge(scope) });
  }
  return unopened;
}

type Judgement = Omit<UnopenedScope, "scope">;

const SKIPPED: Judgement = { outcome: "skipped", faults: [] };

/**
 * The complete lists that the guests of a collector told, each with all that it names: what the next
 * run compares with. A list that some guest could not read whole is not among them.
 */
export function completeLists(
  accounts: readonly AccountReport[],
): (AccountSource & { readonly named: ReadonlySet<string> })[] {
  return [...accountLists(accounts)].flatMap(([cloud, { complete, sources, listed, skipped }]) =>
    complete ? [...sources].map((source) => ({ cloud, source, named: listed.union(skipped) })) : []
  );
}

function createJudge(
  coverage: Coverage,
  membersOf: (source: AccountSource) => ReadonlySet<string>,
  adoptedOf: (cloud: string) => ReadonlySet<string>,
): (scope: ScopeKey) => Judgement {
  const lists = accountLists(coverage.accounts);
  const missing = new Set(
    completeLists(coverage.accounts).flatMap(({ named, ...source }) =>
      [...membersOf(source).difference(named)].map((account) =>
        regionText(source.cloud, account, "")
      )
    ),
  );
  for (const [cloud, { complete, unfiltered }] of lists) {
    if (!complete || !unfiltered) continue;
    for (const account of adoptedOf(cloud)) missing.add(regionText(cloud, account, ""));
  }
  const notEnabled = new Set(
    coverage.regions.flatMap((r) =>
      r.notEnabled.map((name) => regionText(r.cloud ?? "", r.account, name))
    ),
  );
  const regions = wholeRegions(coverage.regions);
  const broken = coverage.broken;
  // Of a guest that was ended nobody knows which scopes it was about to open.
  const listed = broken === undefined ? listedEverywhere(coverage.regions) : new Set<string>();
  const unseen: Judgement = broken === undefined
    ? SKIPPED
    : { outcome: broken.outcome, faults: [broken.fault] };
  return (scope) => {
    // Data of the cloud itself, such as its node, belongs to no account and goes with the plugin.
    if (scope.account === "") return SKIPPED;
    const list = lists.get(scope.cloud);
    if (list === undefined) return unseen;
    if (list.skipped.has(scope.account)) return SKIPPED;
    if (!list.listed.has(scope.account)) {
      const isGone = missing.has(regionText(scope.cloud, scope.account, ""));
      return isGone ? { outcome: "gone", faults: [] } : SKIPPED;
    }
    if (notEnabled.has(regionText(scope.cloud, scope.account, scope.region))) {
      return { outcome: "not_enabled", faults: [] };
    }
    const known = regions.get(regionText(scope.cloud, scope.account, ""));
    if (known !== undefined && scope.region !== "" && !known.has(scope.region)) {
      return { outcome: "gone", faults: [] };
    }
    if (scope.region !== "" && listed.has(scopeText({ ...scope, region: "" }))) {
      return { outcome: "complete", faults: [] };
    }
    return unseen;
  };
}

/** All regions of the accounts that told a whole list, by account. */
function wholeRegions(reports: readonly RegionReport[]): ReadonlyMap<string, ReadonlySet<string>> {
  const regions = new Map<string, Set<string>>();
  for (const { cloud = "", account, whole } of reports) {
    if (whole === undefined) continue;
    const key = regionText(cloud, account, "");
    regions.set(key, new Set([...regions.get(key) ?? [], ...whole]));
  }
  return regions;
}

/** Listings, as scopes without a region, whose unopened regions hold nothing. */
function listedEverywhere(reports: readonly RegionReport[]): ReadonlySet<string> {
  return new Set(
    reports.flatMap(({ cloud = "", account, listed = [] }) =>
      listed.map((resource) => scopeText({ cloud, account, region: "", resource }))
    ),
  );
}

function regionText(cloud: string, account: string, region: string): string {
  return scopeText({ cloud, account, region, resource: "" });
}

/** Accounts of one cloud over all reports about it. */
interface AccountList {
  complete: boolean;
  unfiltered: boolean;
  readonly sources: Set<string>;
  readonly listed: Set<string>;
  readonly skipped: Set<string>;
}

function accountLists(reports: readonly AccountReport[]): ReadonlyMap<string, AccountList> {
  const lists = new Map<string, AccountList>();
  for (const report of reports) {
    const cloud = report.cloud ?? "";
    const list = lists.get(cloud) ??
      {
        complete: true,
        unfiltered: true,
        sources: new Set(),
        listed: new Set(),
        skipped: new Set(),
      };
    list.complete &&= report.complete;
    list.unfiltered &&= report.unfiltered && (report.filters ?? []).length === 0;
    list.sources.add(report.source ?? "");
    for (const account of report.accounts) list.listed.add(account.id);
    for (const account of report.skipped ?? []) list.skipped.add(account.id);
    lists.set(cloud, list);
  }
  return lists;
}
