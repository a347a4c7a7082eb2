/**
 * What the status page shows, as plain data: times are ISO texts, nothing in it is a secret. Whoever
 * fills it takes secrets out before; the page takes care of every other hostile text.
 */
export interface StatusSnapshot {
  /** When this was true. */
  readonly at: string;
  readonly startedAt: string;
  readonly version: string;
  /** Absent: this worker keeps its graph in the store alone. */
  readonly core?: CoreStatus;
  /** Actions that run now. */
  readonly running: readonly RunningStatus[];
  /** Newest first; at most some dozen. */
  readonly runs: readonly RunStatus[];
  readonly kinds: readonly KindStatus[];
  /** Nodes in the graph at the end of each run, oldest first. */
  readonly history: readonly HistoryPoint[];
  readonly queues: QueueStatus;
  /** Faults outside of runs: a full disk, a plugin that does not load, an action that failed. */
  readonly problems: readonly ProblemStatus[];
}

/** The connection to a core. */
export interface CoreStatus {
  /** Address without user, password and query. */
  readonly uri: string;
  /** `rejected`: it answers and refuses us, which waiting does not cure. */
  readonly state: "connected" | "connecting" | "disconnected" | "rejected";
  readonly since: string;
  /** Generation of the core's protocol, once it is known. */
  readonly dialect?: string;
  readonly lastError?: { readonly at: string; readonly message: string; readonly hint?: string };
}

/** An action on its way. */
export interface RunningStatus {
  /** Id of the run, or of the task where no run belongs to it. */
  readonly id: string;
  /** `collect`, `cleanup`, or the action of an action plugin. */
  readonly action: string;
  readonly startedAt: string;
  readonly accounts: readonly AccountProgress[];
}

/** Progress of one account. */
export interface AccountProgress {
  readonly cloud: string;
  readonly account: string;
  readonly name: string;
  readonly done: number;
  /** 0 while nobody knows. */
  readonly total: number;
  /** What it is at, such as a region. */
  readonly label: string;
  readonly finished: boolean;
}

/** How a run ended. */
export type RunOutcome = "whole" | "incomplete" | "failed" | "interrupted";

/** A run that ended. */
export interface RunStatus {
  readonly id: string;
  readonly startedAt: string;
  /** Null when it was interrupted before it could tell. */
  readonly finishedAt: string | null;
  readonly outcome: RunOutcome;
  readonly nodes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly stale: number;
  /** Scopes by outcome. */
  readonly scopes: Readonly<Partial<Record<string, number>>>;
  readonly collectors: readonly CollectorStatus[];
  readonly accounts: readonly AccountStatus[];
}

/** One collector of a run. */
export interface CollectorStatus {
  readonly name: string;
  readonly status: string;
  /** What is wrong or missing, one sentence. */
  readonly reason: string;
  readonly hint?: string;
}

/** One account of a run. */
export interface AccountStatus {
  readonly cloud: string;
  readonly account: string;
  readonly name: string;
  readonly nodes: number;
  /** Scopes by outcome. */
  readonly scopes: Readonly<Partial<Record<string, number>>>;
  readonly faults: readonly FaultStatus[];
}

/** One fault, summed up over an account. */
export interface FaultStatus {
  readonly outcome: string;
  readonly call: string;
  readonly code: string;
  readonly message: string;
  readonly count: number;
  readonly regions: readonly string[];
  /** Kinds that are missing or stale because of it. */
  readonly kinds: readonly string[];
  /** Permission that would cure it. */
  readonly permission?: string;
  /** An organisation policy denies it: no permission of the account cures it. */
  readonly policy?: boolean;
}

/** Nodes of one kind as they are now, with what the last run changed. */
export interface KindStatus {
  readonly kind: string;
  readonly nodes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly stale: number;
  /** Nodes at the end of each run, oldest first; empty when it is not known. */
  readonly history: readonly number[];
}

/** The graph's size at one moment. */
export interface HistoryPoint {
  readonly at: string;
  readonly nodes: number;
}

/** What waits. */
export interface QueueStatus {
  readonly actionsWaiting: number;
  readonly tasksWaiting: number;
  readonly tasksRunning: number;
  readonly tasksFailed: number;
  /** Finished graphs that wait for the core. */
  readonly uploadsPending: number;
  /** Since when the oldest of them waits. */
  readonly oldestUploadAt?: string;
}

/** Something that is wrong, and what to do about it. */
export interface ProblemStatus {
  readonly severity: "warning" | "error";
  readonly message: string;
  readonly hint?: string;
}
