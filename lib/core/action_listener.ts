import { CoreUnreachableError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import { type ActionAnswer, ActionBook } from "./action_book.ts";
import { ActionReports, type InfoLevel, type ProgressReport } from "./action_reports.ts";
import { ActionSchedule } from "./action_schedule.ts";
import type { Clock } from "../sdk/mod.ts";
import type { CoreConnection } from "./connection.ts";
import type { DialectName } from "./core.ts";
import { CoreSocket, SOCKET_LIMITS, type SocketLimits } from "./core_socket.ts";
import { type Action, actionAnswer, readAction } from "./messages.ts";
import { type LinkSnapshot, Reconnect } from "./reconnect.ts";
import { handlePath, subscribe, type Subscription, unsubscribe } from "./subscription.ts";
import { within } from "./time_limit.ts";

/** What an action may use while it runs. */
export interface ActionContext {
  /** Aborted when the listener is closed, and when the core no longer waits. */
  readonly signal: AbortSignal;
  /** Tells how far it is; an old core is not told. */
  progress(report: ProgressReport): void;
  /** Tells a line for people; an old core is not told. */
  info(level: InfoLevel, message: string, context?: readonly string[]): void;
}

/** Does an action; what it throws becomes the error that the core is told. */
export type ActionHandler = (action: Action, context: ActionContext) => Promise<void>;

export interface ActionListenerOptions {
  readonly connection: CoreConnection;
  /** Asked before each connection. @throws CoreUnreachableError */
  readonly dialect: (signal: AbortSignal) => Promise<DialectName>;
  readonly subscriber: string;
  readonly actions: readonly Subscription[];
  readonly handle: ActionHandler;
  /** Says an error in words that may leave this machine. */
  readonly describe: (error: unknown) => string;
  /** Actions at a time; one by default, in order of arrival. */
  readonly concurrency?: number;
  /** Names of which at most one runs at a time, whatever the concurrency. */
  readonly exclusive?: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly socketLimits?: SocketLimits;
}

/** Counters of a listener, for metrics and readiness. */
export interface ActionSnapshot extends LinkSnapshot {
  /** Texts that came. */
  readonly messages: number;
  readonly running: number;
  readonly waiting: number;
  readonly done: number;
  readonly failed: number;
  /** Answers that were sent once more. */
  readonly repeated: number;
}

/** An old core closes after each message that it gets; what is sent behind it may be lost. */
const ANSWER_PACE_MS = 2_000;
const UNSUBSCRIBE_MS = 5_000;

/**
 * One subscriber of a core: registers, listens, does the actions that come and answers them. What
 * runs does not depend on the socket: it goes on when the socket is lost, is not started again when
 * the core repeats it, and is answered on the next socket.
 */
export class ActionListener {
  readonly #options: ActionListenerOptions;
  readonly #link: Reconnect;
  readonly #book: ActionBook;
  readonly #schedule: ActionSchedule;
  /** Ends the connections. */
  readonly #stop = new AbortController();
  /** Ends what runs. */
  readonly #work = new AbortController();
  readonly #drained = Promise.withResolvers<void>();
  readonly #sending = new WeakSet<CoreSocket>();
  #socket: CoreSocket | undefined;
  #dialect: DialectName | undefined;
  /** The socket that is open was of use. */
  #useful = false;
  #draining = false;
  #closed: Promise<void> | undefined;
  #counts = { messages: 0, done: 0, failed: 0, repeated: 0 };

  constructor(options: ActionListenerOptions) {
    const { clock, subscriber, concurrency = 1, exclusive = ["collect", "cleanup"] } = options;
    const log = options.log.with({ subscriber });
    this.#options = { ...options, log };
    this.#link = new Reconnect({ subject: `actions of ${subscriber}`, clock, log });
    this.#book = new ActionBook(clock);
    this.#schedule = new ActionSchedule({
      concurrency,
      exclusive,
      perform: (action) => this.#perform(action),
      ended: () => void (this.#socket === undefined || this.#send(this.#socket)),
    });
  }

  /** Listens until {@link close}, or until the signal is aborted, which closes it too. */
  async run(signal: AbortSignal): Promise<void> {
    const onAbort = () => void this.close();
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      while (!this.#stop.signal.aborted) await this.#connection();
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
    await this.#closed;
  }

  /**
   * Takes no new action, and resolves when those that run are answered; then the socket is closed.
   * Actions that have not begun are left to whoever subscribes next. It may take as long as an
   * action does, or as the core is away: {@link close} ends it.
   */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const action of this.#schedule.clear()) this.#book.drop(action);
    this.#checkDrained();
    await this.#drained.promise;
  }

  /**
   * Ends it: what runs is told by its signal and not answered, an old core is told that this
   * subscriber is gone, the socket is closed. A new core keeps the subscriber: the actions that are
   * open come again to its next connection.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  snapshot(): ActionSnapshot {
    const { running, waiting } = this.#schedule;
    return { ...this.#link.snapshot(), ...this.#counts, running, waiting };
  }

  async #close(): Promise<void> {
    this.#draining = true;
    this.#schedule.clear();
    this.#work.abort(new CoreUnreachableError("The worker stops"));
    if (this.#dialect === "ckcore") await this.#unsubscribe();
    this.#stop.abort();
    this.#drained.resolve();
    await this.#socket?.close();
  }

  async #unsubscribe(): Promise<void> {
    const { connection, subscriber, actions, clock, log } = this.#options;
    const open = new AbortController().signal;
    await Promise.all(actions.map(async ({ name }) => {
      try {
        const limit = { ms: UNSUBSCRIBE_MS, clock };
        await within(limit, open, (signal) => unsubscribe(connection, subscriber, name, signal));
      } catch (error) {
        log.warn("core.actions.unsubscribe", "The core was not told that we stop", {
          action: name,
          reason: this.#options.describe(error),
        });
      }
    }));
  }

  /** One connection, from its first attempt to its end. */
  async #connection(): Promise<void> {
    const connected = await this.#link.connect((signal) => this.#open(signal), this.#stop.signal);
    const socket = connected.value;
    this.#socket = socket;
    this.#useful = false;
    if (this.#stop.signal.aborted) void socket.close();
    void socket.replaceWhenSilent(() => false);
    void this.#send(socket);
    for await (const text of socket.texts()) this.#receive(text, socket);
    const { ours, reason } = await socket.ended;
    this.#socket = undefined;
    this.#link.lost(connected, { useful: this.#useful, ours, reason });
  }

  /** Registering comes first each time: a core forgets subscribers that were away for minutes. */
  async #open(signal: AbortSignal): Promise<CoreSocket> {
    const { connection, subscriber, clock, socketLimits = SOCKET_LIMITS } = this.#options;
    this.#dialect = await this.#options.dialect(signal);
    for (const action of this.#options.actions) {
      await subscribe(connection, subscriber, action, signal);
    }
    return await CoreSocket.open(connection, handlePath(subscriber), signal, clock, socketLimits);
  }

  #receive(text: string, socket: CoreSocket): void {
    const { log } = this.#options;
    if (text.trim() === "") return;
    this.#counts.messages++;
    const read = readAction(text);
    if ("fault" in read) {
      const fields = { characters: text.length };
      return log.warn("core.actions.ignored", `The core sent ${read.fault}; no answer`, fields);
    }
    const { messageType: action, task, step } = read.value;
    // Not noted either: it will be new to whoever connects next.
    if (this.#draining) return log.debug("core.actions.refused", "No new action", { task, step });
    const receipt = this.#book.receive(read.value, socket);
    log.debug("core.actions.came", `An action came: ${receipt}`, { action, task, step });
    if (receipt === "answered") return void this.#send(socket);
    if (receipt === "open") return;
    this.#proved();
    this.#schedule.add(read.value);
  }

  async #perform(action: Action): Promise<void> {
    const reports = new ActionReports(action, this.#options.clock, (text) => this.#tell(text));
    const error = await this.#outcome(action, reports);
    reports.finish();
    if (this.#work.signal.aborted) return;
    this.#counts[error === undefined ? "done" : "failed"]++;
    this.#book.answer(action, actionAnswer(action, error));
  }

  /** What the core is told to have gone wrong. */
  async #outcome(action: Action, reports: ActionReports): Promise<string | undefined> {
    const { handle, describe, actions, clock } = this.#options;
    const { messageType } = action;
    const known = actions.find(({ name }) => name === messageType);
    if (known === undefined) return `This worker has no action "${messageType.slice(0, 100)}"`;
    let reason: unknown;
    try {
      await within(
        { ms: known.timeoutSeconds * 1_000, clock, fault: () => tooLong(known) },
        this.#work.signal,
        (signal) =>
          handle(action, this.#context(signal, reports)).catch((thrown) => {
            reason = thrown;
            throw thrown;
          }),
      );
      return undefined;
    } catch (error) {
      // One that goes on after its time may fail for another reason than that.
      const isOther = reason !== undefined && reason !== error;
      return isOther ? `${describe(error)}: ${describe(reason)}` : describe(error);
    }
  }

  /** An old core takes no reports. */
  #context(signal: AbortSignal, reports: ActionReports): ActionContext {
    const isNew = this.#dialect === "fixcore";
    return {
      signal,
      progress: (report) => isNew && reports.progress(report),
      info: (level, message, context) => isNew && reports.info(level, message, context),
    };
  }

  #tell(text: string): boolean {
    return this.#socket?.send(text) ?? false;
  }

  /** Sends the answers that there are, one after the other. */
  async #send(socket: CoreSocket): Promise<void> {
    if (this.#sending.has(socket)) return;
    this.#sending.add(socket);
    for (let next = this.#book.next(); next !== undefined; next = this.#book.next()) {
      if (!this.#sendAnswer(next, socket)) break;
      if (this.#dialect === "ckcore") await this.#paused(socket);
    }
    this.#sending.delete(socket);
    this.#checkDrained();
  }

  #sendAnswer({ key, text, isRepeated }: ActionAnswer, socket: CoreSocket): boolean {
    if (!socket.send(text)) return false;
    this.#book.sent(key, socket);
    if (isRepeated) this.#counts.repeated++;
    else this.#proved();
    return true;
  }

  /** Waits for the core to close; one that does not within the time takes more on this socket. */
  async #paused(socket: CoreSocket): Promise<void> {
    const over = new AbortController();
    const pause = this.#options.clock.sleep(ANSWER_PACE_MS, over.signal).catch(() => {});
    await Promise.race([pause, socket.ended]);
    over.abort();
  }

  #proved(): void {
    this.#useful = true;
    this.#link.proved();
  }

  #checkDrained(): void {
    if (!this.#draining || this.#schedule.running > 0 || this.#book.next() !== undefined) return;
    if (this.#socket !== undefined && this.#sending.has(this.#socket)) return;
    this.#stop.abort();
    void this.#socket?.close().then(() => this.#drained.resolve());
    if (this.#socket === undefined) this.#drained.resolve();
  }
}

function tooLong({ timeoutSeconds }: Subscription): CoreUnreachableError {
  return new CoreUnreachableError(
    `The action took longer than the core waits (${timeoutSeconds} s)`,
  );
}
