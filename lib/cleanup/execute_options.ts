import type { Logger } from "../log/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import type { Cloud } from "./cloud.ts";
import type { Limits, Refusal } from "./guards.ts";
import type { Journal, Knowledge } from "./known.ts";

/** Time as a parameter. */
export interface CleanClock {
  now(): Date;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Takes figures about clean-ups. */
export interface CleanMetrics {
  cleanupFinished(seconds: number): void;
  nodeCleaned(cloud: string, outcome: string, seconds?: number): void;
  cleanupFailed(
    step: "pre_cleanup" | "cleanup",
    place: {
      readonly cloud: string;
      readonly account: string;
      readonly region: string;
      readonly kind: string;
    },
  ): void;
}

/** What a plan is carried out with. */
export interface ExecuteOptions {
  readonly kinds: KindIndex;
  readonly knowledge: Knowledge;
  readonly journal: Journal;
  readonly cloud: Cloud;
  readonly limits: Limits;
  /** Nodes at once. */
  readonly poolSize: number;
  /** Nothing is asked of any cloud and nothing is kept. */
  readonly dryRun: boolean;
  /** Longest wait until a deleted node is seen to be gone, milliseconds. */
  readonly verifyMs: number;
  /** Entries that are refused although the plan has them, by the text of their identity. */
  readonly refused?: ReadonlyMap<string, Refusal>;
  readonly metrics: CleanMetrics;
  readonly log: Logger;
  readonly clock: CleanClock;
  /** Aborted when nothing more shall be begun. */
  readonly signal: AbortSignal;
}
