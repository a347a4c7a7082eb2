import { CoreUnreachableError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { Clock } from "../sdk/mod.ts";
import type { CoreConnection } from "./connection.ts";
import type { DialectName } from "./core.ts";
import { CoreSocket, SOCKET_LIMITS, type SocketLimits } from "./core_socket.ts";
import { readTask, type Task } from "./messages.ts";
import { type LinkSnapshot, Reconnect } from "./reconnect.ts";
import { TaskBook, type TaskBookLimits, type TaskCounts } from "./task_book.ts";
import { offerMessage, taggingPath, type TaskOffer } from "./task_offer.ts";
import { TaskLines } from "./task_lines.ts";
import { TaskSocket } from "./task_socket.ts";

/** Does a task and gives its result; what it throws becomes the error that the core is told. */
export type TaskHandler = (
  task: Task,
  context: { readonly signal: AbortSignal },
) => Promise<unknown>;

export interface TaskListenerOptions {
  readonly connection: CoreConnection;
  /** Asked once. @throws CoreUnreachableError */
  readonly dialect: (signal: AbortSignal) => Promise<DialectName>;
  /** At least one. */
  readonly offers: readonly TaskOffer[];
  readonly handle: TaskHandler;
  /** Says an error in words that may leave this machine. */
  readonly describe: (error: unknown) => string;
  /** Sockets to an old core, which closes a socket with each answer. */
  readonly connections?: number;
  /** Most sockets, when an old core gives out more tasks than there are sockets. */
  readonly maxConnections?: number;
  readonly limits?: Partial<TaskBookLimits>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly socketLimits?: SocketLimits;
}

/** Counters of a listener, for metrics and readiness. */
export interface TaskSnapshot extends LinkSnapshot, TaskCounts {
  /** Texts that came. */
  readonly messages: number;
  /** Sockets at present. */
  readonly sockets: number;
}

/**
 * Takes tasks from the work queue of a core and answers them.
 *
 * A new core keeps one socket for all. To an old core there are many, because a socket is over with
 * its answer: the tasks that are open on it are given out again. It gives each task to the socket
 * with the least of them, and several to one when there are too few sockets. Each such task opens
 * one more socket, which is kept until it was silent for a while.
 */
export class TaskListener {
  readonly #options: TaskListenerOptions;
  readonly #link: Reconnect;
  readonly #book: TaskBook;
  /** Ends the attempts to connect. */
  readonly #stop = new AbortController();
  readonly #lines: TaskLines;
  readonly #ran = Promise.withResolvers<void>();
  readonly #path: string;
  #dialect: DialectName | undefined;
  #running = false;
  #draining = false;
  #messages = 0;

  constructor(options: TaskListenerOptions) {
    const { clock, log, limits = {}, describe } = options;
    if (options.offers.length === 0) throw new RangeError("A task listener offers no task");
    this.#options = options;
    this.#path = taggingPath(options.offers);
    this.#link = new Reconnect({ subject: "work queue", clock, log });
    const handle = (task: Task, signal: AbortSignal) => this.#handle(task, signal);
    this.#book = new TaskBook({ handle, describe, clock, limits });
    const { maxConnections: most = 128 } = options;
    this.#lines = new TaskLines({ most, clock, line: (isExtra) => this.#line(isExtra) });
  }

  /** Takes tasks until {@link close} or {@link drain}, or until the signal is aborted: that closes. */
  async run(signal: AbortSignal): Promise<void> {
    const onAbort = () => void this.close();
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    this.#running = true;
    try {
      if (!this.#stop.signal.aborted) this.#lines.start(false);
      await this.#lines.ended();
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#stop.abort();
      this.#ran.resolve();
    }
  }

  /**
   * Takes no new task and resolves when all that came are answered; sockets without a task are
   * closed at once, the others with their answer.
   */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#stop.abort();
    for (const [socket, tasks] of this.#lines.sockets) {
      if (tasks.open === 0) void socket.close();
    }
    if (this.#running) await this.#ran.promise;
  }

  /** Ends it: what runs is told by its signal and not answered. */
  async close(): Promise<void> {
    this.#draining = true;
    this.#stop.abort();
    for (const socket of this.#lines.sockets.keys()) void socket.close();
    this.#book.abort(new CoreUnreachableError("The worker stops"));
    if (this.#running) await this.#ran.promise;
  }

  snapshot(): TaskSnapshot {
    return {
      ...this.#link.snapshot(),
      ...this.#book.snapshot(),
      messages: this.#messages,
      sockets: this.#lines.sockets.size,
    };
  }

  get #isOld(): boolean {
    return this.#dialect === "ckcore";
  }

  /** One socket after the other; an extra line ends with a socket that nobody used. */
  async #line(isExtra: boolean): Promise<void> {
    try {
      while (!this.#stop.signal.aborted) {
        const wasUsed = await this.#connection();
        if (isExtra && !wasUsed) return;
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  /** One connection, from its first attempt to its end; says whether a task came. */
  async #connection(): Promise<boolean> {
    const connected = await this.#link.connect((signal) => this.#open(signal), this.#stop.signal);
    const socket = connected.value;
    const tasks = new TaskSocket(socket, this.#isOld ? this.#lines : undefined);
    this.#lines.opened(socket, tasks);
    if (this.#draining) void socket.close();
    // A new core fails a task that it gives out in this very moment; an old one repeats it.
    void socket.replaceWhenSilent(() => tasks.open > 0);
    for await (const text of socket.texts()) this.#receive(text, socket, tasks);
    const { ours, reason } = await socket.ended;
    this.#lines.closed(socket);
    this.#link.lost(connected, { useful: tasks.answered > 0, ours, reason });
    return tasks.answered + tasks.open > 0;
  }

  async #open(signal: AbortSignal): Promise<CoreSocket> {
    await this.#learn(signal);
    const { connection, clock, offers, socketLimits = SOCKET_LIMITS } = this.#options;
    const path = this.#isOld ? this.#path : "/work/queue";
    const socket = await CoreSocket.open(connection, path, signal, clock, socketLimits);
    if (!this.#isOld) socket.send(offerMessage(offers));
    return socket;
  }

  /** Asks which generation it is; until then there is one line. */
  async #learn(signal: AbortSignal): Promise<void> {
    if (this.#dialect !== undefined) return;
    const { dialect, connections = 32 } = this.#options;
    this.#dialect = await dialect(signal);
    if (!this.#isOld) return;
    for (let more = connections - 1; more > 0; more--) this.#lines.start(false);
  }

  #receive(text: string, socket: CoreSocket, tasks: TaskSocket): void {
    const { log } = this.#options;
    if (text.trim() === "") return;
    this.#messages++;
    const read = readTask(text);
    if ("fault" in read) {
      const fields = { characters: text.length };
      return log.warn("core.tasks.ignored", `The core sent ${read.fault}; no answer`, fields);
    }
    const { id: task, name } = read.value;
    if (this.#draining) return log.debug("core.tasks.refused", "No new task", { task });
    log.debug("core.tasks.came", "A task came", { task, name });
    // An old core has more tasks than we have sockets.
    if (this.#isOld && tasks.open > 0) this.#lines.start(true);
    void this.#take(read.value, socket, tasks);
  }

  async #take(task: Task, socket: CoreSocket, tasks: TaskSocket): Promise<void> {
    const taken = tasks.take(this.#book.receive(task));
    this.#lines.came(task.id);
    await taken;
    if (tasks.answered > 0) this.#link.proved();
    if (this.#draining && tasks.open === 0) void socket.close();
  }

  async #handle(task: Task, signal: AbortSignal): Promise<unknown> {
    const { offers, handle } = this.#options;
    if (offers.some(({ name }) => name === task.name)) return await handle(task, { signal });
    throw new CoreUnreachableError(`This worker has no task "${task.name.slice(0, 100)}"`);
  }
}
