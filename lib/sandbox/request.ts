import type { Logger } from "../log/mod.ts";
import type { ScopeKey } from "../model/mod.ts";
import type {
  AccountReport,
  Budget,
  CallStats,
  ChangeNode,
  ChangeResult,
  LentCloud,
  NodeChange,
  Permissions,
  PluginSource,
  RegionReport,
} from "../sdk/mod.ts";

/** Limits of a guest's life, milliseconds. */
export interface Timeouts {
  /** From its creation until it sends lines, loading its code included. */
  readonly startMs: number;
  /** Longest silence: a guest whose event loop does not turn for this long is lost. */
  readonly heartbeatMs: number;
  /** Longest life after the start; Infinity for one that ends when it is told to. */
  readonly runMs: number;
  /** What it gets to end by itself after a stop. */
  readonly stopMs: number;
}

/** What starting a guest needs of a plugin, whatever its type. */
export interface GuestPlugin {
  readonly manifest: {
    readonly name: string;
    /** Its first is that of scopes and reports that name none. */
    readonly clouds?: readonly string[];
  };
  readonly source: PluginSource;
}

/** A guest to be started: whose code, with which rights. */
export interface GuestSetup {
  readonly entry: GuestPlugin;
  /** Validated by the manifest's schema. May hold secrets; goes to the guest alone. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly permissions: Permissions;
  readonly now: Date;
  /** Certificates (PEM) that the guest trusts beside the public ones. */
  readonly caCertificates?: string;
  readonly budgets: readonly Budget[];
  /** Put the guest into a process of its own. */
  readonly fork: boolean;
  /** Heap of that process in MiB; undefined leaves it to the runtime. */
  readonly forkHeapMiB?: number;
  /** URL of the program's main module; guests are found beside it. */
  readonly base: string;
  readonly timeouts: Timeouts;
  /** Credential helpers that the host may run for the guest. */
  readonly allowHelpers: readonly string[];
  readonly log: Logger;
  readonly on: {
    stats(calls: readonly CallStats[]): void;
    learned(budgets: readonly Budget[]): void;
  };
  /** Aborting it stops the guest: gracefully, then by force. */
  readonly signal: AbortSignal;
}

/** A guest that collects, or checks whether it could. */
export interface GuestRequest extends GuestSetup {
  readonly run: string;
  readonly shard: { readonly index: number; readonly of: number };
  readonly sensitive: { readonly keep: boolean; readonly key: string };
  /** Scopes that an interrupted run closed. */
  readonly resumed: readonly ScopeKey[];
  /** Clouds of other plugins that it may yield. */
  readonly lent?: readonly LentCloud[];
  readonly on: GuestSetup["on"] & {
    progress(account: string, done: number, total: number, label: string): void;
    accounts(report: AccountReport): void;
    regions(report: RegionReport): void;
  };
}

/**
 * Where a guest is in its life.
 *
 *     spawning ─▶ ready ─▶ running ─▶ draining ─▶ stopped
 *         └─────────┴─────────┴──────────┴──────▶ crashed
 *
 * `draining`: it said its last word or was told to stop, and its lines are still being read.
 */
export type GuestState = "spawning" | "ready" | "running" | "draining" | "stopped" | "crashed";

/**
 * How a guest ended. `stopped`: it did its work, or was stopped and obeyed. `failed`: it ended in
 * order and reported why it could not do its work. `crashed`: anything else.
 */
export type GuestEnd =
  | { readonly state: "stopped" }
  | { readonly state: "failed"; readonly error: Error }
  | { readonly state: "crashed"; readonly error: Error };

/** A started guest. Disposing of it ends it by force. */
export interface Guest extends AsyncDisposable {
  readonly state: GuestState;
  /** Bytes that it says it holds; undefined as long as it said nothing. */
  readonly memory?: number | undefined;
  /** Lines as the guest wrote them, unchecked. Fails with the guest's error when it crashes. */
  readonly lines: ReadableStream<Uint8Array>;
  /** Never rejects. Settles after the last line was read. */
  readonly ended: Promise<GuestEnd>;
  /** Asks the guest to end and ends it by force if it does not; resolves when it has ended. */
  stop(reason: string): Promise<void>;
}

/** A started guest that changes nodes. Disposing of it ends it by force. */
export interface ChangerGuest extends AsyncDisposable {
  /** Changes are taken while it is `running`. */
  readonly state: GuestState;
  /** Bytes that it says it holds; undefined as long as it said nothing. */
  readonly memory?: number | undefined;
  /** Never rejects. */
  readonly ended: Promise<GuestEnd>;
  /**
   * Makes one change of a node; many may be under way. While the guest is `running`, the order goes
   * out before this returns, else it never does.
   * @param signal aborting it ends the wait at once and tells the guest; the change may have been made
   * @throws what the plugin reported; SandboxError when the guest ended before it answered
   */
  change(node: ChangeNode, change: NodeChange, signal: AbortSignal): Promise<ChangeResult>;
  /**
   * Asks the guest to answer what it was asked and to end; ends it by force if it does not. Resolves
   * when it has ended.
   */
  stop(reason: string): Promise<void>;
}
