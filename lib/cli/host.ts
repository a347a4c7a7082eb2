import type { Select } from "../cleanup/mod.ts";
import type { CollectRequest, Examination, RunSummary } from "../collect/mod.ts";
import type { CollectForRequest, DaemonRequest } from "../daemon/mod.ts";
import type { ChangerGuest, GuestSetup, Needs } from "../sandbox/mod.ts";
import type { PluginEntry } from "../sdk/mod.ts";
import type { WorkflowRequest, WorkflowSummary } from "../workflow/mod.ts";
import type { Io } from "./io.ts";

/** What commands do their work with; `main.ts` composes it, a test brings its own. */
export interface Host {
  readonly env: Readonly<Record<string, string>>;
  readonly io: Io;
  /** URL of the program's main module; guests are found beside it. */
  readonly base: string;
  readonly collect: (request: CollectRequest) => Promise<RunSummary>;
  /** Collects and hands the graph to a core. */
  readonly collectFor: (request: CollectForRequest) => Promise<RunSummary>;
  /** Does several steps of a workflow that no core drives. */
  readonly work: (request: WorkflowRequest) => Promise<WorkflowSummary>;
  /** Works for a core until told to stop; returns the exit code. */
  readonly serve: (request: DaemonRequest) => Promise<number>;
  /** Lets the collectors of a request check their access. */
  readonly examine: (request: CollectRequest) => Promise<readonly Examination[]>;
  /** Starts a guest that changes nodes. */
  readonly startChanger: (setup: GuestSetup) => Promise<ChangerGuest>;
  /** Finds the nodes that a clean-up command is about. */
  readonly select: Select;
  /** Gives up the rights that a run does not need, for good. */
  readonly revokeRights: (needs: Needs) => Promise<void>;
  /** Loads plugin files named by the user. */
  readonly loadPlugins: (request: LoadRequest) => Promise<readonly PluginEntry[]>;
  /** Accepts one plugin file: shows what it asks for and pins it. */
  readonly addPlugin: (request: AddRequest) => Promise<void>;
}

/** For whom plugin files are loaded. */
export interface PluginFiles {
  readonly io: Io;
  readonly base: string;
  /** The pins lie beside it. */
  readonly store: string;
  readonly signal: AbortSignal;
}

/** Plugin files to load. */
export interface LoadRequest extends PluginFiles {
  readonly paths: readonly string[];
}

/** A plugin file to accept. */
export interface AddRequest extends PluginFiles {
  readonly path: string;
}
