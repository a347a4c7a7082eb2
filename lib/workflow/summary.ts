import type { RunSummary } from "../collect/mod.ts";
import type { WireError } from "../errors/mod.ts";
import type { Step } from "../config/mod.ts";

/** Nodes of one kind and account for which something came out alike. */
export interface NodeGroup {
  readonly cloud: string;
  readonly account: string;
  readonly kind: string;
  readonly count: number;
  /** For people; some of them where they differ. */
  readonly reasons: readonly string[];
}

/** What an action plugin decided about nodes, and what became of it. */
export interface DecisionGroup extends NodeGroup {
  readonly type: "mark" | "unmark" | "protect" | "note" | "tag";
  readonly outcome: "done" | "recorded" | "refused" | "unneeded";
}

/** One action plugin's part of a run. */
export interface ActionSummary {
  readonly plugin: string;
  readonly step: string;
  readonly status: "done" | "failed";
  readonly error?: WireError;
  /** Nothing was changed in a cloud. */
  readonly dryRun: boolean;
  readonly decisions: readonly DecisionGroup[];
}

/** Marks that ended because nothing sets them any more. */
export interface DroppedMarks {
  /** Plugin or query that had set them. */
  readonly rule: string;
  readonly count: number;
}

/** Nodes that a clean-up dealt with, or refused. */
export interface CleanupGroup extends NodeGroup {
  readonly outcome: string;
  /** Whether it is as it was wanted. */
  readonly isWell: boolean;
}

/** What the clean-up came to. */
export interface CleanupSummary {
  readonly dryRun: boolean;
  /** Why nothing was begun; absent when it was. */
  readonly withheld?: string;
  readonly groups: readonly CleanupGroup[];
}

/** What kinds of trouble a run had, each with an exit code of its own. */
export type Trouble = "usage" | "failed" | "cleanup" | "interrupted";

/** Everything that the steps after the collection tell people and machines. */
export interface StepsSummary {
  readonly steps: readonly Step[];
  readonly actions: readonly ActionSummary[];
  readonly dropped: readonly DroppedMarks[];
  readonly cleanup?: CleanupSummary;
  readonly troubles: readonly Trouble[];
}

/** A run of several steps. */
export interface WorkflowSummary {
  /** Absent when nothing was collected. */
  readonly collected?: RunSummary;
  readonly workflow: StepsSummary;
}
