import type { ReplaceLevel } from "../../core/mod.ts";
import type { CloudCoverage, LedgerTotals } from "../../store/mod.ts";

/** How far a user lets an upload replace: `auto` is as far as it may. */
export type ReplaceLimit = "auto" | "account" | "region";

/** Everything about one cloud that decides what of it may be replaced. */
export interface CloudFacts {
  readonly cloud: string;
  /** What account discovery found in the run; undefined when nothing was told. */
  readonly coverage: CloudCoverage | undefined;
  /** The ledger of the run, without the host's own scope. */
  readonly ledger: readonly LedgerTotals[];
  /** Run in which the core's nodes of the cloud were last taken into the store; only that run's count. */
  readonly adoptedRun: string | undefined;
}

/** A node that is replaced at the core with everything below it. */
export interface SubGraph {
  readonly level: ReplaceLevel;
  readonly cloud: string;
  /** Empty for a cloud. */
  readonly account: string;
  /** Region name; empty for a cloud or an account. */
  readonly region: string;
}

/** Something that stays at the core as it is, and why. */
export interface LeftOut {
  readonly cloud: string;
  readonly account?: string;
  /** Region name. */
  readonly region?: string;
  readonly reason: LeftOutReason;
}

/**
 * - `unknown`: no collector told which accounts there are
 * - `nothing_conclusive`: no scope of it was looked at with a result
 * - `not_whole`: a part of it was never looked at here, and could not be read from the core either
 * - `gone`: the account is gone, which only replacing its cloud can tell the core
 * - `no_node`: its own node, or the one above it, is not known
 */
export type LeftOutReason = "unknown" | "nothing_conclusive" | "not_whole" | "gone" | "no_node";

/** What of some clouds is replaced. */
export interface ReplacePlan {
  readonly subGraphs: readonly SubGraph[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Decides what an upload replaces. Everything below a replaced node that is not in the upload is
 * deleted at the core, so a node may be replaced only if the store knows all that can lie below it:
 * it is *whole*. It is whole if
 *
 * - every scope of it ended conclusively in this run, no guest broke (nobody knows which scopes it
 *   would have opened), nothing of it is known and was not looked at (a suspended account, a region
 *   that is not enabled), and no filter left any of it out; or
 * - the core's nodes of the cloud were taken over into the store in this run: then what lies in scopes
 *   that nobody looked at is in the upload, too. An earlier run does not count: another worker, or
 *   this one with another store, may have told the core about the cloud since.
 *
 * The level is the highest that is allowed and whole:
 *
 * - the cloud: account discovery was complete, no filter is set, and `--replace auto`;
 * - an account: no region and no kind filter is set, and not `--replace region`. Other accounts are
 *   not touched, whoever collects them. An account that is gone stays at the core: there is no node
 *   left that could be replaced;
 * - a region. Nodes of the account that lie in no region are not touched.
 *
 * A cloud, account or region of which nothing ended conclusively in this run is left alone: there is
 * nothing new to say. So a run without credentials sends nothing, and a region filter touches no
 * other region. The plan decides about each cloud alone.
 * @param hasNode whether the store holds the node of a cloud, account or region
 */
export function planReplacement(
  run: string,
  clouds: readonly CloudFacts[],
  limit: ReplaceLimit,
  hasNode: (subGraph: SubGraph) => boolean,
): ReplacePlan {
  const subGraphs: SubGraph[] = [];
  const leftOut: LeftOut[] = [];
  for (const facts of clouds) {
    const plan = planCloud(run, facts, limit, hasNode);
    subGraphs.push(...plan.subGraphs);
    leftOut.push(...plan.leftOut);
  }
  return { subGraphs, leftOut };
}

/** Whether a run looked at everything that a cloud can hold, so that nothing is to be read from a core. */
export function isWholeInRun({ coverage, ledger }: Omit<CloudFacts, "adoptedRun">): boolean {
  return coverage !== undefined && coverage.complete && coverage.filters.length === 0 &&
    !coverage.broken && coverage.blind.length === 0 && hasConclusive(ofAccounts(ledger)) &&
    isAllConclusive(ledger);
}

/** Whether anything in an account was looked at with a result. */
export function hasResult({ ledger }: Pick<CloudFacts, "ledger">): boolean {
  return hasConclusive(ofAccounts(ledger));
}

function planCloud(
  run: string,
  facts: CloudFacts,
  limit: ReplaceLimit,
  hasNode: (subGraph: SubGraph) => boolean,
): ReplacePlan {
  const { cloud, coverage } = facts;
  if (coverage === undefined) return refuse({ cloud, reason: "unknown" });
  if (!hasResult(facts)) return refuse({ cloud, reason: "nothing_conclusive" });
  const whole: SubGraph = { level: "cloud", cloud, account: "", region: "" };
  if (!hasNode(whole)) return refuse({ cloud, reason: "no_node" });
  const isAdopted = facts.adoptedRun === run;
  const mayReplaceCloud = limit === "auto" && coverage.complete && coverage.filters.length === 0;
  if (mayReplaceCloud && (isAdopted || isWholeInRun(facts))) {
    return { subGraphs: [whole], leftOut: [] };
  }
  const below = new BelowCloud(facts, coverage, isAdopted, limit, hasNode);
  return below.plan();
}

/** Accounts and regions of one cloud, each for itself. */
class BelowCloud {
  readonly #facts: CloudFacts;
  readonly #coverage: CloudCoverage;
  readonly #isAdopted: boolean;
  readonly #mayReplaceAccounts: boolean;
  readonly #hasNode: (subGraph: SubGraph) => boolean;
  readonly #subGraphs: SubGraph[] = [];
  readonly #leftOut: LeftOut[] = [];

  constructor(
    facts: CloudFacts,
    coverage: CloudCoverage,
    isAdopted: boolean,
    limit: ReplaceLimit,
    hasNode: (subGraph: SubGraph) => boolean,
  ) {
    this.#facts = facts;
    this.#coverage = coverage;
    this.#isAdopted = isAdopted;
    this.#mayReplaceAccounts = limit !== "region" &&
      !coverage.filters.includes("regions") && !coverage.filters.includes("kinds");
    this.#hasNode = hasNode;
  }

  plan(): ReplacePlan {
    for (const [account, ledger] of Map.groupBy(ofAccounts(this.#facts.ledger), accountOf)) {
      this.#planAccount(account, ledger);
    }
    return { subGraphs: this.#subGraphs, leftOut: this.#leftOut };
  }

  #planAccount(account: string, ledger: readonly LedgerTotals[]): void {
    const { cloud } = this.#facts;
    const leave = (reason: LeftOutReason) => void this.#leftOut.push({ cloud, account, reason });
    if (ledger.every(({ scopes, gone }) => scopes === gone)) return leave("gone");
    if (!hasConclusive(ledger)) return leave("nothing_conclusive");
    const subGraph: SubGraph = { level: "account", cloud, account, region: "" };
    if (!this.#hasNode(subGraph)) return leave("no_node");
    if (this.#mayReplaceAccounts && this.#isWholeAccount(account, ledger)) {
      this.#subGraphs.push(subGraph);
      return;
    }
    for (const totals of ledger) if (totals.region !== "") this.#planRegion(totals);
  }

  #planRegion(totals: LedgerTotals): void {
    const { cloud, account, region } = totals;
    const subGraph: SubGraph = { level: "region", cloud, account, region };
    const reason = this.#regionFault(totals, subGraph);
    if (reason === undefined) this.#subGraphs.push(subGraph);
    else this.#leftOut.push({ cloud, account, region, reason });
  }

  #regionFault(totals: LedgerTotals, subGraph: SubGraph): LeftOutReason | undefined {
    if (totals.conclusive === 0) return "nothing_conclusive";
    if (!this.#isWholeRegion(totals)) return "not_whole";
    return this.#hasNode(subGraph) ? undefined : "no_node";
  }

  #isWholeAccount(account: string, ledger: readonly LedgerTotals[]): boolean {
    if (this.#isAdopted) return true;
    const { broken, blind } = this.#coverage;
    return !broken && !blind.includes(account) && isAllConclusive(ledger);
  }

  #isWholeRegion(totals: LedgerTotals): boolean {
    if (this.#isAdopted) return true;
    const { broken, filters } = this.#coverage;
    return !broken && !filters.includes("kinds") && isAllConclusive([totals]);
  }
}

function refuse(leftOut: LeftOut): ReplacePlan {
  return { subGraphs: [], leftOut: [leftOut] };
}

function ofAccounts(ledger: readonly LedgerTotals[]): readonly LedgerTotals[] {
  return ledger.filter(({ account }) => account !== "");
}

function accountOf({ account }: LedgerTotals): string {
  return account;
}

function hasConclusive(ledger: readonly LedgerTotals[]): boolean {
  return ledger.some(({ conclusive }) => conclusive > 0);
}

function isAllConclusive(ledger: readonly LedgerTotals[]): boolean {
  return ledger.every(({ scopes, conclusive }) => scopes === conclusive);
}
