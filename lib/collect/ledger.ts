import {
  isConclusive,
  type Outcome,
  OUTCOMES,
  type ScopeFault,
  type ScopeKey,
} from "../model/mod.ts";
import type { AccountFault, AccountSummary } from "./summary.ts";

/** Account of the ledger, being added up. */
interface AccountTotals {
  readonly cloud: string;
  readonly account: string;
  nodes: number;
  readonly outcomes: Map<Outcome, number>;
  readonly faults: Map<string, FaultTotals>;
}

/** One kind of fault of an account, being added up. */
interface FaultTotals {
  readonly fault: ScopeFault;
  readonly outcome: Outcome;
  count: number;
  readonly regions: Set<string>;
  readonly kinds: Set<string>;
}

/**
 * Adds the scopes of a run up per account, as they end. Its size grows with accounts and distinct
 * faults; the scopes themselves are in the store.
 */
export class Ledger {
  readonly #accounts = new Map<string, AccountTotals>();
  readonly #names = new Map<string, string>();
  readonly #outcomes = new Set<Outcome>();
  #conclusive = 0;

  /** Takes the end of one scope; `nodes` are those of the store that lie in it now. */
  record(scope: ScopeKey, outcome: Outcome, faults: readonly ScopeFault[], nodes: number): void {
    this.#outcomes.add(outcome);
    if (isConclusive(outcome)) this.#conclusive++;
    const totals = this.#totals(scope);
    totals.nodes += nodes;
    totals.outcomes.set(outcome, (totals.outcomes.get(outcome) ?? 0) + 1);
    for (const fault of faults) addFault(totals.faults, scope, outcome, fault);
  }

  /** Remembers what an account is called. */
  name(cloud: string, account: string, name: string): void {
    this.#names.set(accountText(cloud, account), name);
  }

  /** Counts nodes of an account that came from elsewhere than its scopes. */
  addNodes(cloud: string, account: string, nodes: number): void {
    this.#totals({ cloud, account, region: "", resource: "" }).nodes += nodes;
  }

  /** Outcomes that occurred. */
  get outcomes(): ReadonlySet<Outcome> {
    return this.#outcomes;
  }

  /** Whether any scope ended conclusively; a run without one has nothing to hand over. */
  get anyConclusive(): boolean {
    return this.#conclusive > 0;
  }

  /** The accounts in stable order, each with its faults, most frequent first. */
  summary(): AccountSummary[] {
    return [...this.#accounts.entries()].sort(([a], [b]) => a < b ? -1 : 1).map(
      ([text, totals]) => ({
        cloud: totals.cloud,
        account: totals.account,
        name: this.#names.get(text) ?? totals.account,
        nodes: totals.nodes,
        outcomes: orderedOutcomes(totals.outcomes),
        faults: [...totals.faults.values()].map(accountFault).sort((a, b) => b.count - a.count),
      }),
    );
  }

  #totals(scope: ScopeKey): AccountTotals {
    const text = accountText(scope.cloud, scope.account);
    const known = this.#accounts.get(text);
    if (known !== undefined) return known;
    const totals: AccountTotals = {
      cloud: scope.cloud,
      account: scope.account,
      nodes: 0,
      outcomes: new Map(),
      faults: new Map(),
    };
    this.#accounts.set(text, totals);
    return totals;
  }
}

function accountText(cloud: string, account: string): string {
  return `${cloud}/${account}`;
}

function addFault(
  faults: Map<string, FaultTotals>,
  scope: ScopeKey,
  outcome: Outcome,
  fault: ScopeFault,
): void {
  const text = [outcome, fault.call, fault.code, fault.policy === true].join(" ");
  const known = faults.get(text) ??
    { fault, outcome, count: 0, regions: new Set<string>(), kinds: new Set<string>() };
  known.count += fault.count;
  if (scope.region !== "") known.regions.add(scope.region);
  known.kinds.add(scope.resource);
  faults.set(text, known);
}

function accountFault(totals: FaultTotals): AccountFault {
  return {
    ...totals.fault,
    outcome: totals.outcome,
    count: totals.count,
    regions: [...totals.regions].sort(),
    kinds: [...totals.kinds].sort(),
  };
}

function orderedOutcomes(outcomes: ReadonlyMap<Outcome, number>): Partial<Record<Outcome, number>> {
  return Object.fromEntries(
    OUTCOMES.flatMap((outcome) => {
      const count = outcomes.get(outcome);
      return count === undefined ? [] : [[outcome, count]];
    }),
  );
}
