import type { ActionReport, ActionRequest } from "../actions/mod.ts";
import type { Limits } from "../cleanup/mod.ts";
import type { CollectRequest, RunSummary } from "../collect/mod.ts";
import type { GivenOptions, Secret } from "../config/mod.ts";
import type { Clock } from "../core/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { PluginNames } from "../metrics/mod.ts";
import type { Kind } from "../model/mod.ts";
import type { ChangerPorts, ChangerSettings, TagPlugin } from "../tags/mod.ts";
import type { CoreSettings } from "./core_access.ts";

/** What a collection asks for, except what the daemon adds to it. */
export type CollectOrder = Omit<CollectRequest, "signal" | "onProgress" | "core">;

/** An action plugin that is switched on, with its validated options. */
export type ActionPlugin = Pick<ActionRequest, "entry" | "options">;

/** How far a clean-up may go. */
export interface CleanupOrders {
  /** Without it nothing is deleted. */
  readonly allowed: boolean;
  /** Nothing is written to a cloud, whatever is allowed. */
  readonly dryRun: boolean;
  /** Nodes at once. */
  readonly poolSize: number;
  readonly limits: Omit<Limits, "trustUnknown">;
}

/** What is to be done, by the settings of the moment. */
export interface Orders {
  /** The collection, or why there is none. */
  readonly collect: () => CollectOrder | { readonly nothing: string };
  /** Collectors that are named; empty for all. */
  readonly clouds: readonly string[];
  /** Plugins whose nodes can be changed. */
  readonly tagging: () => readonly TagPlugin[];
  /** Those that are on at the start take part; their options are those of the moment. */
  readonly actions: () => readonly ActionPlugin[];
  readonly cleanup: CleanupOrders;
  /** Longest action, seconds. */
  readonly timeoutSeconds: number;
  readonly replace: "auto" | "account" | "region";
  /** Name of the graph; undefined is the one of the core's generation. */
  readonly graph: string | undefined;
}

/** Our ids at a core. */
export interface Identity {
  /** Prefix at the older generation. */
  readonly ckcore: string;
  /** Prefix at the later one, and the name of our document there. */
  readonly fixcore: string;
}

/** Where the web pages are. */
export interface WebSettings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly token?: Secret;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** What the daemon is started with. */
export interface DaemonRequest {
  readonly core: CoreSettings;
  readonly identity: Identity;
  /**
   * The orders; what the core keeps for us counts beneath what is given here.
   * @throws ConfigError for what in the document is not usable
   */
  readonly settle: (document: GivenOptions) => Orders;
  /** Reads a document of settings. @throws ConfigError */
  readonly readDocument: (sections: Readonly<Record<string, unknown>>) => GivenOptions;
  readonly web: WebSettings;
  readonly store: { readonly path: string; readonly kinds: readonly Kind[] };
  readonly changer: Omit<ChangerSettings, "log" | "onCalls" | "idleMs">;
  /** Reads a configuration file of an action plugin. @throws when it cannot be read */
  readonly readText: (path: string) => string;
  readonly tagConnections: number;
  readonly shutdownSeconds: number;
  readonly idleSeconds: number | undefined;
  readonly version: string;
  readonly plugins: readonly PluginNames[];
  readonly log: Logger;
  readonly redact: (text: string) => string;
  readonly now: () => Date;
  /** Aborted when the daemon shall stop. */
  readonly signal: AbortSignal;
}

/** What the daemon takes from outside and a test may replace. */
export interface DaemonPorts extends ChangerPorts {
  readonly collect: (request: CollectRequest) => Promise<RunSummary>;
  /** Lets an action plugin react to its step. */
  readonly act: (request: ActionRequest) => Promise<ActionReport>;
  /** Guests that live; absent where nobody counts them. */
  readonly guests?: () => readonly { readonly plugin: string; readonly memoryBytes?: number }[];
  readonly clock: Clock;
}
