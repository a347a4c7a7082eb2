import { type ActionContext, type DialectName, Reconnect } from "../core/mod.ts";
import { CkError, ConfigError } from "../errors/mod.ts";
import { KindIndex } from "../model/mod.ts";
import { TagTasks } from "../tags/mod.ts";
import { serveWeb } from "../web/mod.ts";
import { actionSubscribers } from "./action_plugins.ts";
import { cleanAction } from "./clean_action.ts";
import { collectAction } from "./collect_action.ts";
import { CoreAccess, type CoreGraph } from "./core_access.ts";
import { Delivery } from "./delivery.ts";
import { SettingsDocument } from "./document.ts";
import { Idle } from "./idle.ts";
import { giveMemoryBack } from "./memory.ts";
import { Observatory } from "./observatory.ts";
import { remember } from "./remembered_dialect.ts";
import type { DaemonPorts, DaemonRequest, Orders } from "./request.ts";
import { Sockets, type Subscriber, workerId } from "./sockets.ts";
import { heldUntilStart } from "./start_settings.ts";

/**
 * Bounds of the changes of tags at hand, those of action plugins among them. The tasks of a core end
 * earlier, when it waits no longer.
 */
const TAG_LIMITS = { concurrency: 20, waiting: 1_000, taskMs: 120_000 } as const;
/** A guest that changes nodes ends when there was nothing to do for so long, milliseconds. */
const CHANGER_IDLE_MS = 60_000;

/**
 * The worker of a core, from its start until it is told to stop. Returns the exit code: 0, or 1 when
 * no collect came within `--idle-timeout`.
 * @throws ConfigError when the web pages cannot be served, or the settings are not usable
 */
export async function runDaemon(request: DaemonRequest, ports: DaemonPorts): Promise<number> {
  await using daemon = new Daemon(request, ports);
  return await daemon.run();
}

/** One life of the worker. */
class Daemon implements AsyncDisposable {
  readonly #request: DaemonRequest;
  readonly #ports: DaemonPorts;
  readonly #access: CoreAccess;
  readonly #observatory: Observatory;
  readonly #idle: Idle;
  /** Aborted when a stop has lasted too long. */
  readonly #deadline = new AbortController();
  #orders: Orders;
  /** Since the core was told what the worker does. */
  #tagging: TagTasks | undefined;

  constructor(request: DaemonRequest, ports: DaemonPorts) {
    this.#request = request;
    this.#ports = ports;
    this.#orders = request.settle(new Map());
    this.#access = new CoreAccess(request.core, request.log, request.now);
    this.#idle = new Idle(request.idleSeconds, ports.clock, request.signal);
    this.#observatory = new Observatory(request, this.#access.connection.uri, ports.guests);
  }

  async run(): Promise<number> {
    const { log, web } = this.#request;
    const { ending } = this.#idle;
    await using server = serveWeb({
      ...web,
      handler: this.#observatory.handler,
      signal: new AbortController().signal,
    });
    log.info("daemon.started", "The worker runs", {
      web: server.url,
      core: this.#access.connection.uri,
    });
    const { clock } = this.#ports;
    // From the stop on, what is left has so much time.
    const onStop = () => {
      this.#observatory.stopping();
      void clock.sleep(this.#request.shutdownSeconds * 1_000, this.#deadline.signal)
        .then(() => this.#deadline.abort(new CkError("stopped", "The worker stops")), () => {});
    };
    ending.addEventListener("abort", onStop, { once: true });
    try {
      await this.#serve();
    } catch (error) {
      if (!ending.aborted || !(error instanceof CkError || error === ending.reason)) throw error;
    }
    log.info("daemon.stopped", "The worker has stopped", {});
    return this.#idle.isOver ? 1 : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#idle[Symbol.dispose]();
    await this.#tagging?.end(this.#deadline.signal);
    this.#deadline.abort(new CkError("stopped", "The worker stops"));
    await this.#access[Symbol.asyncDispose]();
  }

  /** Finds out who the core is, then works for it until the stop. */
  async #serve(): Promise<void> {
    const stop = this.#idle.ending;
    const dialect = await this.#met(stop);
    const document = dialect === "fixcore" ? await this.#settings(stop) : undefined;
    const graph = this.#access.graph(this.#orders.graph, dialect);
    const delivery = this.#delivery(graph);
    const sockets = await this.#sockets(dialect, graph, delivery);
    this.#observatory.watch(sockets, delivery);
    const fault = new AbortController();
    const end = AbortSignal.any([stop, fault.signal]);
    const parts = [sockets.run(), this.#catchUp(delivery, end), document?.follow(end)];
    const working = Promise.all(parts);
    try {
      await Promise.race([working, aborted(stop)]);
      await Promise.race([sockets.drain(), aborted(this.#deadline.signal)]);
      await sockets.close();
      await working;
    } catch (error) {
      fault.abort(error);
      this.#deadline.abort(new CkError("stopped", "The worker stops"));
      throw error;
    } finally {
      await sockets.close();
      await Promise.allSettled(parts);
    }
  }

  /** Which generation the core is; waits for one that is away. */
  async #met(stop: AbortSignal): Promise<DialectName> {
    const { log } = this.#request;
    const link = new Reconnect({ subject: "the core", clock: this.#ports.clock, log });
    const { value } = await link.connect((signal) => this.#access.dialect(signal), stop);
    this.#observatory.met(value);
    await remember(this.#access.connection.uri, value, this.#request);
    log.info("daemon.core.met", "The core answers", { dialect: value });
    return value;
  }

  /** Settings that a core keeps for us; what is not usable there ends the start, as a flag would. */
  async #settings(stop: AbortSignal): Promise<SettingsDocument> {
    const { identity, readDocument, settle, log } = this.#request;
    const document = new SettingsDocument({
      connection: this.#access.connection,
      id: identity.fixcore,
      read: readDocument,
      apply: (given) => this.#apply(settle(given)),
      clock: this.#ports.clock,
      log,
    });
    const link = new Reconnect({ subject: "settings at the core", clock: this.#ports.clock, log });
    await link.connect(async (signal) => {
      try {
        await document.load(signal);
      } catch (error) {
        if (error instanceof ConfigError) throw new UnusableSettings(error);
        throw error;
      }
    }, stop).catch((error) => {
      throw error instanceof UnusableSettings ? error.cause : error;
    });
    return document;
  }

  /** Takes other orders; the core keeps what it was told at the start. */
  #apply(orders: Orders): void {
    const before = this.#orders;
    this.#orders = orders;
    const keys = this.#tagging === undefined ? [] : heldUntilStart(before, orders);
    if (keys.length === 0) return;
    this.#request.log.warn(
      "daemon.document.start",
      "Settings of the core have changed that are used from the next start on",
      { keys: keys.join(", ") },
    );
  }

  #delivery(graph: CoreGraph): Delivery {
    const { store, log, now } = this.#request;
    return new Delivery({
      graph,
      store,
      replace: () => this.#orders.replace,
      clock: this.#ports.clock,
      log,
      now,
      onAttempt: (summary, seconds) => this.#observatory.uploaded(summary, seconds),
    });
  }

  async #sockets(dialect: DialectName, graph: CoreGraph, delivery: Delivery): Promise<Sockets> {
    const { identity, tagConnections, log, redact } = this.#request;
    const { clouds, timeoutSeconds } = this.#orders;
    const tagging = this.#tagging = this.#tags();
    const subscribers = [
      this.#worker(workerId(identity, dialect), graph, delivery),
      ...await this.#actionPlugins(dialect, graph, tagging),
    ];
    return new Sockets({
      connection: this.#access.connection,
      dialect,
      subscribers,
      tag: (task, signal) => this.#observatory.task(() => tagging.handle(task.data, signal)),
      clouds,
      tagConnections,
      timeoutSeconds,
      describe: (error) => redact(error instanceof Error ? error.message : String(error)),
      clock: this.#ports.clock,
      log,
    });
  }

  #worker(id: string, graph: CoreGraph, delivery: Delivery): Subscriber {
    const { log, now } = this.#request;
    return {
      id,
      actions: ["collect", "cleanup"],
      handle: (action, context) =>
        this.#observatory.action(action.messageType, async () => {
          if (action.messageType === "cleanup") return await this.#cleanup(graph, context);
          this.#idle.busy();
          using _memory = { [Symbol.dispose]: giveMemoryBack };
          await collectAction(action, context, {
            orders: () => this.#orders,
            graph,
            delivery,
            live: this.#observatory.live,
            ports: this.#ports,
            log,
            now,
            stop: this.#idle.ending,
            deadline: this.#deadline.signal,
            onRun: (summary) => this.#observatory.ran(summary),
          });
        }),
    };
  }

  #actionPlugins(
    dialect: DialectName,
    { core }: CoreGraph,
    tasks: TagTasks,
  ): Promise<readonly Subscriber[]> {
    return actionSubscribers({
      orders: () => this.#orders,
      dialect,
      core,
      tasks,
      request: this.#request,
      ports: this.#ports,
      watch: (action, work) => this.#observatory.action(action, work),
      failed: (plugin, leftOut) => this.#observatory.pluginFailed(plugin, leftOut),
      stop: this.#idle.ending,
    });
  }

  #cleanup({ core }: CoreGraph, context: ActionContext): Promise<void> {
    return cleanAction(context, {
      orders: () => this.#orders,
      core,
      request: this.#request,
      ports: this.#ports,
      metrics: this.#observatory.cleaning,
      stop: this.#idle.ending,
      deadline: this.#deadline.signal,
    });
  }

  #tags(): TagTasks {
    const { store, changer, log, now } = this.#request;
    const { clock } = this.#ports;
    return new TagTasks({
      plugins: this.#orders.tagging(),
      kinds: new KindIndex(store.kinds),
      ports: this.#ports,
      settings: { ...changer, idleMs: CHANGER_IDLE_MS, log },
      limits: TAG_LIMITS,
      clock: { now, sleep: (ms, signal) => clock.sleep(ms, signal) },
    });
  }

  /** Graphs of earlier runs that the core does not have; an upload under way may end after the end. */
  async #catchUp(delivery: Delivery, end: AbortSignal): Promise<void> {
    try {
      await delivery.catchUp(this.#deadline.signal, { enough: end });
    } catch (error) {
      if (end.aborted) return;
      if (!(error instanceof CkError)) throw error;
      this.#request.log.error(
        "daemon.upload.failed",
        `An earlier graph is not handed over: ${error.message}`,
      );
    }
  }
}

/** Passes the border of attempts, which are repeated for expected errors alone. */
class UnusableSettings extends Error {
  override readonly cause: ConfigError;

  constructor(cause: ConfigError) {
    super(cause.message);
    this.cause = cause;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
