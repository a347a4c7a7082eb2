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
  /** What was read from the core first; absent when nothing had to be. */
  readonly adoption?: readonly AdoptionSummary[];
  /** What a core got of it; absent without a core. */
  readonly upload?: UploadSummary;
}

/** What was taken over from a core about one cloud, because nobody looked at it here. */
export interface AdoptionSummary {
  readonly cloud: string;
  readonly nodes: number;
  /** Nodes by account id. */
  readonly accounts?: Readonly<Record<string, number>>;
  /**
   * Nodes whose kind is in no model here. They cannot be told again, so the core deletes them where
   * what they lie below is replaced.
   */
  readonly unknownKinds: Readonly<Record<string, number>>;
  /** Why the core could not be read: nothing was taken over, and the next run tries again. */
  readonly error?: string;
}

/** What a core got of a run. */
export interface UploadSummary {
  /** URI of the core, and its graph. */
  readonly core: string;
  readonly graph: string;
  readonly run: string;
  /** `nothing`: there was nothing to send, see {@link leftOut}. */
  readonly outcome: "accepted" | "nothing" | "unreachable" | "rejected";
  /** Error text for `unreachable` and `rejected`. */
  readonly reason?: string;
  /** What is replaced, by cloud. */
  readonly clouds: readonly CloudUpload[];
  readonly leftOut: readonly LeftOutSummary[];
  /** Of all parts, with the root and the nodes above the replaced ones. */
  readonly nodes: number;
  readonly edges: number;
  /** Bytes that the core took. */
  readonly bytes: number;
  /** Edges over the border of what is replaced, which this core does not take. */
  readonly droppedEdges: number;
  /** Edges over such a border that the core joins later. */
  readonly deferredEdges: number;
  /** Counters of each merge, by name of its part, where the core tells them. */
  readonly changes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Nodes that were sent without their largest values. */
  readonly shortened: readonly { readonly kind: string; readonly id: string }[];
}

/** What is replaced of one cloud. */
export interface CloudUpload {
  readonly cloud: string;
  /** The lowest level at which something is replaced; `none` when nothing is. */
  readonly level: "cloud" | "account" | "region" | "none";
  readonly accounts: number;
  readonly regions: number;
}

/** Something that stays at the core as it is. */
export interface LeftOutSummary {
  readonly cloud: string;
  readonly account?: string;
  /** Region name. */
  readonly region?: string;
  readonly reason: "unknown" | "nothing_conclusive" | "not_whole" | "gone" | "no_node";
  /** Edges between it and what is replaced. */
  readonly crossingEdges: number;
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
