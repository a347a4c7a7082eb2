import type { ActionRequest } from "../actions/mod.ts";
import type { Limits } from "../cleanup/mod.ts";
import type { CollectRequest, RunSummary } from "../collect/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { Kind } from "../model/mod.ts";
import type { ChangerPlugin, ChangerPorts, ChangerSettings } from "../sandbox/mod.ts";
import type { Store } from "../store/mod.ts";
import type { Step } from "../config/mod.ts";
import type { CleanupSummary } from "./summary.ts";

/** An action plugin that is switched on, with its validated options. */
export type ActionOrder = Pick<ActionRequest, "entry" | "options">;

/** How a clean-up may go about it. */
export interface CleanupOrder {
  /** Without it nothing is written to a cloud. */
  readonly allowed: boolean;
  /** Nothing is written to a cloud, whatever is allowed. */
  readonly dryRun: boolean;
  /** Nodes at once. */
  readonly poolSize: number;
  readonly limits: Limits;
}

/** A run of several steps, as the command line asks for it. */
export interface WorkflowRequest {
  /** In their order. */
  readonly steps: readonly Step[];
  /** What is to be collected; looked at when `collect` is among the steps. */
  readonly collect?: CollectRequest;
  readonly actions: readonly ActionOrder[];
  readonly cleanup: CleanupOrder;
  readonly store: {
    readonly path: string;
    /** Kinds of every plugin that is known. */
    readonly kinds: readonly Kind[];
  };
  /** Plugins whose nodes can be changed. */
  readonly changers: readonly ChangerPlugin[];
  readonly changer: Omit<ChangerSettings, "idleMs" | "log">;
  /** Longest run of an action plugin, seconds. */
  readonly timeoutSeconds: number;
  readonly readText: (path: string) => string;
  readonly log: Logger;
  readonly now: () => Date;
  /** Aborting it ends the run; what was decided until then stays. */
  readonly signal: AbortSignal;
}

/** What a run takes from outside and a test may replace. */
export interface WorkflowPorts extends ChangerPorts {
  readonly collect: (request: CollectRequest) => Promise<RunSummary>;
  /** Plans what is marked in the store and carries it out. */
  readonly cleanUp: (store: Store, request: WorkflowRequest) => Promise<CleanupSummary>;
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}
