import type { CleanMetrics } from "../cleanup/mod.ts";
import type { RunSummary, UploadSummary } from "../collect/mod.ts";
import type { DialectName, LinkSnapshot } from "../core/mod.ts";
import { createMetrics, type Metrics, processFigures } from "../metrics/mod.ts";
import { findRun, openStore, showRun } from "../store/mod.ts";
import {
  type CoreStatus,
  createWebApp,
  type QueueStatus,
  type Readiness,
  type WebHandler,
} from "../web/mod.ts";
import type { Delivery } from "./delivery.ts";
import { Live } from "./live.ts";
import type { DaemonPorts, DaemonRequest } from "./request.ts";
import type { Sockets } from "./sockets.ts";
import { StatusBoard } from "./status.ts";

type WatchedSockets = Pick<Sockets, "actions" | "tasks">;
type WatchedDelivery = Pick<Delivery, "waiting" | "waitingSince">;

/** Everything that can be seen of the worker: the pages, the counters, whether it is ready. */
export class Observatory {
  readonly live = new Live();
  readonly handler: WebHandler;
  readonly #request: DaemonRequest;
  readonly #uri: string;
  readonly #startedAt: Date;
  readonly #metrics: Metrics;
  #sockets: WatchedSockets | undefined;
  #delivery: WatchedDelivery | undefined;
  #dialect: DialectName | undefined;
  #isStopping = false;

  /** @param guests those that live; absent where nobody counts them */
  constructor(request: DaemonRequest, uri: string, guests?: DaemonPorts["guests"]) {
    this.#request = request;
    this.#uri = uri;
    this.#startedAt = request.now();
    this.#metrics = this.#createMetrics(guests);
    const { web, log, now, store, version } = request;
    const board = new StatusBoard({
      startedAt: this.#startedAt,
      version,
      store,
      live: this.live,
      core: () => this.#core(),
      queues: () => this.#queues(),
      now,
    });
    this.handler = createWebApp({
      state: () => board.snapshot(),
      metrics: this.#metrics,
      ready: () => this.#ready(),
      path: web.path,
      ...(web.token === undefined ? {} : { token: web.token }),
      log,
    });
  }

  /** The core answered. */
  met(dialect: DialectName): void {
    this.#dialect = dialect;
  }

  watch(sockets: WatchedSockets, delivery: WatchedDelivery): void {
    this.#sockets = sockets;
    this.#delivery = delivery;
  }

  /** From now on no work is taken. */
  stopping(): void {
    this.#isStopping = true;
  }

  /** Counts an action and how it ends. */
  async action(name: string, work: () => Promise<void>): Promise<void> {
    const started = this.#request.now().getTime();
    const count = (outcome: "done" | "failed") => {
      const seconds = (this.#request.now().getTime() - started) / 1_000;
      this.#metrics.actionFinished(name, outcome, seconds);
    };
    try {
      await work();
    } catch (error) {
      count("failed");
      this.live.problem(`action ${name}`, { severity: "error", message: this.#said(error) });
      throw error;
    }
    count("done");
    this.live.solved(`action ${name}`);
  }

  /** Counts a task and how it ends. */
  async task<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#metrics.taskFinished("done");
      return result;
    } catch (error) {
      this.#metrics.taskFinished("failed");
      throw error;
    }
  }

  /**
   * An action plugin failed.
   * @param leftOut why it takes part no more; absent when it does
   */
  pluginFailed(plugin: string, leftOut?: string): void {
    this.#metrics.pluginFailed(plugin);
    if (leftOut === undefined) return;
    const message = this.#request.redact(leftOut);
    this.live.problem(`plugin ${plugin}`, { severity: "error", message });
  }

  /** Counts what clean-ups do. */
  get cleaning(): CleanMetrics {
    return this.#metrics;
  }

  /** A run ended; what it called is in the store. */
  async ran(summary: RunSummary): Promise<void> {
    const { store, now, log } = this.#request;
    try {
      using open = await openStore({ path: store.path, kinds: store.kinds, mode: "read", now });
      const { calls } = showRun(open, findRun(open, summary.run).id);
      this.#metrics.runFinished({ ...summary, calls });
    } catch (error) {
      log.debug("daemon.metrics.partial", `Calls of the run are not counted: ${error}`);
      this.#metrics.runFinished(summary);
    }
  }

  uploaded({ outcome, nodes, edges, bytes, reason = "" }: UploadSummary, seconds: number): void {
    switch (outcome) {
      case "accepted":
        this.#metrics.uploadAccepted({ seconds, bytes, lines: nodes + edges });
        return this.live.solved("upload");
      case "unreachable":
        return this.#metrics.uploadFailed("postponed");
      case "rejected":
        this.#metrics.uploadFailed("refused");
        return this.live.problem("upload", {
          severity: "error",
          message: this.#request.redact(`The core refuses the graph: ${reason}`),
          hint: "The graph is in the store; what the core says names the node or the kind",
        });
      case "nothing":
    }
  }

  #createMetrics(guests: DaemonPorts["guests"]): Metrics {
    const { version, plugins } = this.#request;
    return createMetrics({
      version,
      plugins,
      sources: {
        process: () => processFigures(this.#startedAt),
        tasks: () => ({
          waiting: this.#sockets?.tasks.waiting ?? 0,
          running: this.#sockets?.tasks.running ?? 0,
          replayed: this.#sockets?.tasks.repeated ?? 0,
        }),
        uploads: () => {
          const oldestAt = this.#delivery?.waitingSince;
          const pending = this.#delivery?.waiting.length ?? 0;
          return { pending, ...(oldestAt === undefined ? {} : { oldestAt }) };
        },
        ...(guests === undefined ? {} : { guests }),
        sockets: () =>
          this.#links().map(([name, { connected, connects }]) => ({ name, connected, connects })),
      },
    });
  }

  #ready(): Readiness {
    const reasons = this.#isStopping
      ? ["The worker stops"]
      : this.#sockets === undefined
      ? [`The core at ${this.#uri} does not answer yet`]
      : this.#links().filter(([, { connected }]) => !connected)
        .map(([name]) => `There is no connection for ${name}`);
    return { ready: reasons.length === 0, reasons };
  }

  #core(): CoreStatus {
    const links = this.#links().map(([, link]) => link);
    const isConnected = links.length > 0 && links.every(({ connected }) => connected);
    const since = Math.max(this.#startedAt.getTime(), ...links.map((link) => link.since));
    const lastError = links.find(({ connected, lastError }) =>
      !connected && lastError !== undefined
    );
    return {
      uri: this.#uri,
      state: isConnected ? "connected" : links.length === 0 ? "connecting" : "disconnected",
      since: new Date(since).toISOString(),
      ...(this.#dialect === undefined ? {} : { dialect: this.#dialect }),
      ...(lastError?.lastError === undefined ? {} : {
        lastError: {
          at: new Date(lastError.since).toISOString(),
          message: this.#request.redact(lastError.lastError),
        },
      }),
    };
  }

  #queues(): QueueStatus {
    const tasks = this.#sockets?.tasks;
    const actions = this.#sockets?.actions ?? [];
    const oldest = this.#delivery?.waitingSince;
    return {
      actionsWaiting: actions.reduce((sum, { waiting }) => sum + waiting, 0),
      tasksWaiting: tasks?.waiting ?? 0,
      tasksRunning: tasks?.running ?? 0,
      tasksFailed: tasks?.failed ?? 0,
      uploadsPending: this.#delivery?.waiting.length ?? 0,
      ...(oldest === undefined ? {} : { oldestUploadAt: oldest.toISOString() }),
    };
  }

  #links(): readonly (readonly [string, LinkSnapshot])[] {
    if (this.#sockets === undefined) return [];
    const { actions, tasks } = this.#sockets;
    return [
      ...actions.map((each, index) =>
        [index === 0 ? "actions" : `actions ${index}`, each] as const
      ),
      ["tasks", tasks],
    ];
  }

  #said(error: unknown): string {
    return this.#request.redact(error instanceof Error ? error.message : String(error));
  }
}
