import { type Outcome, type ScopeFault, type ScopeKey, scopeText } from "../model/mod.ts";
import type { AccountReport, RegionReport } from "../sdk/mod.ts";

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
 * account that is missing from a complete list of all accounts is `gone`; whatever was not looked
 * at keeps its data.
 */
export function concludeUnopened(
  known: Iterable<ScopeKey>,
  opened: ReadonlySet<string>,
  coverage: Coverage,
): UnopenedScope[] {
  const judge = createJudge(coverage);
  const unopened: UnopenedScope[] = [];
  for (const scope of known) {
    if (!opened.has(scopeText(scope))) unopened.push({ scope, ...judge(scope) });
  }
  return unopened;
}

type Judgement = Omit<UnopenedScope, "scope">;

const SKIPPED: Judgement = { outcome: "skipped", faults: [] };

function createJudge(coverage: Coverage): (scope: ScopeKey) => Judgement {
  const lists = new Map<string, AccountList>();
  for (const report of coverage.accounts) addReport(lists, report);
  const notEnabled = new Set(
    coverage.regions.flatMap((r) =>
      r.notEnabled.map((name) => regionText(r.cloud ?? "", r.account, name))
    ),
  );
  const broken = coverage.broken;
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
      return list.complete ? { outcome: "gone", faults: [] } : SKIPPED;
    }
    if (notEnabled.has(regionText(scope.cloud, scope.account, scope.region))) {
      return { outcome: "not_enabled", faults: [] };
    }
    return unseen;
  };
}

function regionText(cloud: string, account: string, region: string): string {
  return scopeText({ cloud, account, region, resource: "" });
}

/** Accounts of one cloud over all reports about it. */
interface AccountList {
  complete: boolean;
  readonly listed: Set<string>;
  readonly skipped: Set<string>;
}

function addReport(lists: Map<string, AccountList>, report: AccountReport): void {
  const cloud = report.cloud ?? "";
  const list = lists.get(cloud) ??
    { complete: true, listed: new Set<string>(), skipped: new Set<string>() };
  list.complete &&= report.complete;
  for (const account of report.accounts) list.listed.add(account.id);
  for (const account of report.skipped ?? []) list.skipped.add(account.id);
  lists.set(cloud, list);
}
