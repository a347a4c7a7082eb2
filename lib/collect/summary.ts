import type { CallStats } from "../sdk/mod.ts";
import type { Outcome, ScopeFault } from "../model/mod.ts";
import type { WireError } from "../errors/mod.ts";
import type { KindTotals } from "../store/mod.ts";

/** Everything that the end of a run tells people and machines; stored with the run. */
export interface RunSummary {
  readonly run: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Where the result went: path of the store, or a core's URI. */
  readonly target: string;
  readonly collectors: readonly CollectorSummary[];
  readonly accounts: readonly AccountSummary[];
  readonly kinds: readonly KindTotals[];
  readonly graph: GraphSummary;
  /** Slowest and most throttled calls first; the whole list is in the store. */
  readonly calls: readonly CallStats[];
  readonly exitCode: number;
}

/** One collector: collected, not configured, or failed as a whole. */
export interface CollectorSummary {
  readonly name: string;
  readonly status: "collected" | "not_configured" | "failed" | "cancelled";
  /** What configuration was found or is missing. */
  readonly reason: string;
  readonly error?: WireError;
}

/** Ledger of one account in figures, with the faults once per account. */
export interface AccountSummary {
  readonly cloud: string;
  readonly account: string;
  readonly name: string;
  readonly nodes: number;
  readonly outcomes: Partial<Record<Outcome, number>>;
  readonly faults: readonly AccountFault[];
}

/** One fault, summed up over an account. */
export interface AccountFault extends ScopeFault {
  readonly outcome: Outcome;
  /** Where it happened; names of regions. */
  readonly regions: readonly string[];
  /** Kinds that are missing or stale because of it. */
  readonly kinds: readonly string[];
}

/** What assembling the graph found. */
export interface GraphSummary {
  readonly nodes: number;
  readonly edges: number;
  /** References without a target, by `kind.property`. */
  readonly unresolved: number;
  /** References with several targets at the nearest level: no edge. */
  readonly ambiguous: number;
  /** Edges left out because they would close a cycle, each as the path of node names. */
  readonly cycles: readonly string[];
  /** Nodes given twice with different content. */
  readonly duplicates: readonly string[];
  readonly depth: number;
}

/** Live state for a progress display; sent on every change. */
export interface ProgressEvent {
  readonly cloud: string;
  readonly account: string;
  readonly done: number;
  readonly total: number;
  readonly label: string;
  readonly finished: boolean;
}
