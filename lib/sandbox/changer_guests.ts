import type { Logger } from "../log/mod.ts";
import type { CallStats, PluginEntry, Seen } from "../sdk/mod.ts";
import type { ChangerGuest, GuestSetup } from "./request.ts";

/** A plugin with everything that was found for it. */
export interface ChangerPlugin {
  readonly entry: PluginEntry;
  /** Validated by the manifest's schema. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seen: Seen;
}

/** What guests are started with. */
export interface ChangerPorts {
  readonly startChanger: (setup: GuestSetup) => Promise<ChangerGuest>;
}

/** How guests are started, the same for all plugins. */
export interface ChangerSettings {
  readonly fork: boolean;
  /** URL of the program's main module; guests are found beside it. */
  readonly base: string;
  /** Credential helpers that the host may run. */
  readonly allowHelpers: readonly string[];
  readonly caCertificates?: string;
  /** A guest without work ends after this time, milliseconds. */
  readonly idleMs: number;
  readonly log: Logger;
  readonly onCalls?: (plugin: string, calls: readonly CallStats[]) => void;
}

/** Time as a parameter. */
export interface ChangerClock {
  now(): Date;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Milliseconds that a guest may take to start, to answer a heartbeat, and to stop by itself. */
const TIMEOUTS = {
  startMs: 60_000,
  heartbeatMs: 60_000,
  runMs: Infinity,
  stopMs: 5_000,
} as const;

/**
 * The guest of one plugin that changes nodes: started when it is needed, shared by all changes, and
 * ended when there was nothing to do for a while. One that ended is replaced by the next change.
 */
export class ChangerGuests implements AsyncDisposable {
  readonly #plugin: ChangerPlugin;
  readonly #ports: ChangerPorts;
  readonly #settings: ChangerSettings;
  readonly #clock: ChangerClock;
  readonly #ended = new AbortController();
  #current: Lease | undefined;

  constructor(
    plugin: ChangerPlugin,
    ports: ChangerPorts,
    settings: ChangerSettings,
    clock: ChangerClock,
  ) {
    this.#plugin = plugin;
    this.#ports = ports;
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * Does something with a guest that runs.
   * @throws SandboxError when none starts; else what the task throws
   */
  async use<T>(signal: AbortSignal, task: (guest: ChangerGuest) => Promise<T>): Promise<T> {
    for (;;) {
      this.#ended.signal.throwIfAborted();
      const lease = this.#lease();
      lease.users++;
      lease.idle?.abort();
      try {
        const guest = await orAbort(lease.guest, signal);
        // One that has ended meanwhile was asked for nothing: the next one is.
        if (guest.state === "running") return await task(guest);
        this.#forget(lease);
      } finally {
        lease.users--;
        this.#endWhenIdle(lease);
      }
    }
  }

  /**
   * Lets the guest answer what it was asked, then ends it; one that still starts is given up.
   * @param limit aborting it ends the guest by force
   */
  async end(limit: AbortSignal): Promise<void> {
    this.#ended.abort(new Error("the worker ends"));
    const lease = this.#current;
    if (lease === undefined) return;
    this.#forget(lease);
    if (lease.running === undefined) lease.start.abort();
    const guest = lease.running ?? await orAbort(lease.guest, limit).catch(() => undefined);
    if (guest !== undefined) return await endOf(guest, limit);
    // A start that does not heed its signal is not waited for; its guest ends when it is there.
    lease.guest.then((late) => late[Symbol.asyncDispose]()).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end(NEVER);
  }

  #lease(): Lease {
    return this.#current ??= this.#start();
  }

  #start(): Lease {
    const { entry, options, seen } = this.#plugin;
    const { name } = entry.manifest;
    const { fork, base, allowHelpers, caCertificates, log, onCalls } = this.#settings;
    const start = new AbortController();
    const guest = this.#ports.startChanger({
      entry,
      options,
      permissions: entry.manifest.permissions(options, seen),
      now: this.#clock.now(),
      ...(caCertificates === undefined ? {} : { caCertificates }),
      budgets: [],
      fork,
      base,
      timeouts: TIMEOUTS,
      allowHelpers,
      log: log.with({ plugin: name }),
      on: { stats: (calls) => onCalls?.(name, calls), learned: () => {} },
      signal: start.signal,
    });
    const lease: Lease = { guest, start, running: undefined, users: 0, idle: undefined };
    guest.then(
      async (started) => {
        lease.running = started;
        const end = await started.ended;
        this.#forget(lease);
        if (end.state === "stopped") return;
        log.error("changer.guest.lost", end.error.message, { plugin: name });
      },
      () => this.#forget(lease),
    );
    return lease;
  }

  #forget(lease: Lease): void {
    lease.idle?.abort();
    if (this.#current === lease) this.#current = undefined;
  }

  #endWhenIdle(lease: Lease): void {
    if (lease.users > 0 || this.#current !== lease) return;
    const idle = lease.idle = new AbortController();
    this.#clock.sleep(this.#settings.idleMs, idle.signal).then(
      async () => {
        if (lease.users > 0) return;
        this.#forget(lease);
        await (await lease.guest).stop("there was nothing to change for a while");
      },
      // Somebody uses it again, or it has ended.
    ).catch(() => {});
  }
}

interface Lease {
  readonly guest: Promise<ChangerGuest>;
  /** Aborted when nobody waits for its start any more. */
  readonly start: AbortController;
  /** Once it has started. */
  running: ChangerGuest | undefined;
  users: number;
  /** Aborting it ends the wait for idleness. */
  idle: AbortController | undefined;
}

const NEVER = new AbortController().signal;

async function endOf(guest: ChangerGuest, limit: AbortSignal): Promise<void> {
  const stopped = guest.stop("the worker ends");
  await orAbort(stopped, limit).catch(() => guest[Symbol.asyncDispose]());
  await stopped;
}

/** Waits for something shared as long as the signal allows; it goes on without this waiter. */
async function orAbort<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([shared, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
