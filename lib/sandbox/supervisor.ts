import { BUG, fromWire, SandboxError, type WireError } from "../errors/mod.ts";
import { type GuestMessage, guestMessageSchema, type HostMessage } from "../sdk/mod.ts";
import type { Channel, ChannelEvents } from "./channel.ts";
import { FloodLimit } from "./flood_limit.ts";
import { GuardedLines } from "./guarded_lines.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { GuestEnd, GuestState, Timeouts } from "./request.ts";

/** Messages that are about the work, not about the guest's life. */
export type WorkMessage = Exclude<
  GuestMessage,
  { type: "ready" | "stream" | "serving" | "pong" | "done" | "error" }
>;

/** One guest and what it is to do. */
export interface GuestTask {
  /** Plugin's name, for messages. */
  readonly plugin: string;
  readonly timeouts: Timeouts;
  /** Sent when the guest is ready. */
  readonly first: HostMessage;
  /** The message with which its work begins. */
  readonly begins: "ready" | "stream" | "serving";
  readonly open: (events: ChannelEvents) => Channel;
  /** Takes a message about the work; false when nobody asked for it. */
  readonly work: (message: WorkMessage) => boolean;
  readonly signal: AbortSignal;
}

/** Where each state may lead. */
const NEXT: Readonly<Record<GuestState, readonly GuestState[]>> = {
  spawning: ["ready", "draining", "stopped", "crashed"],
  ready: ["running", "draining", "crashed"],
  running: ["draining", "crashed"],
  draining: ["stopped", "crashed"],
  stopped: [],
  crashed: [],
};

/** The life of one guest, from its creation to its end, whatever it does. */
export class Supervisor implements AsyncDisposable {
  readonly lines: GuardedLines;
  readonly ended: Promise<GuestEnd>;
  /** Resolves when the guest runs or has ended. */
  readonly settled: Promise<void>;
  readonly #task: GuestTask;
  readonly #flood = new FloodLimit(() => performance.now());
  readonly #end = Promise.withResolvers<GuestEnd>();
  readonly #settle = Promise.withResolvers<void>();
  readonly #timers = new Map<"start" | "run" | "stop", ReturnType<typeof setTimeout>>();
  readonly #onAbort: () => void;
  readonly #heartbeat: Heartbeat;
  readonly #channel: Channel;
  #state: GuestState = "spawning";
  #memory: number | undefined;
  #attached = false;
  #drained = false;
  /** How it ends once its lines are read. */
  #verdict: GuestEnd | undefined;
  #saidLast = false;

  /** @throws SandboxError when the guest cannot be created */
  constructor(task: GuestTask) {
    this.#task = task;
    this.ended = this.#end.promise;
    this.settled = this.#settle.promise;
    this.lines = new GuardedLines({
      drained: () => this.#onDrained(),
      fault: (what) => this.#crash(this.#fault("protocol", what)),
    });
    this.#channel = task.open({
      message: (data) => this.#receive(data),
      fault: (error) => this.#crash(error),
    });
    const { startMs, heartbeatMs, runMs } = task.timeouts;
    this.#after("start", startMs, () => {
      this.#crash(this.#fault("timeout", `did not start within ${seconds(startMs)}`));
    });
    this.#after("run", runMs, () => this.#overtime(runMs));
    this.#heartbeat = new Heartbeat(
      heartbeatMs,
      (id) => this.#channel.post({ type: "ping", id }),
      () => this.#crash(this.#fault("timeout", `did not answer for ${seconds(heartbeatMs)}`)),
    );
    this.#onAbort = () => void this.stop("the run was interrupted");
    task.signal.addEventListener("abort", this.#onAbort, { once: true });
    if (task.signal.aborted) this.#onAbort();
  }

  get state(): GuestState {
    return this.#state;
  }

  /** Bytes that the guest says it holds; undefined before its first sign of life. */
  get memory(): number | undefined {
    return this.#memory;
  }

  /** Sends a message about the work; only while the guest runs. */
  post(message: HostMessage): void {
    if (this.#state === "running") this.#channel.post(message);
  }

  /** Asks the guest to end; ends it by force when it, or the reading of its lines, takes too long. */
  async stop(reason: string): Promise<void> {
    if (!this.#isOver && !this.#timers.has("stop")) this.#beginStop(reason);
    await this.ended;
  }

  /** Ends the guest by force, if it has not ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#crash(this.#fault("crash", "was ended by force"));
    await this.ended;
  }

  get #isOver(): boolean {
    return this.#state === "stopped" || this.#state === "crashed";
  }

  #beginStop(reason: string): void {
    this.#verdict ??= { state: "stopped" };
    if (this.#state === "spawning") return this.#finish(this.#verdict);
    const { stopMs } = this.#task.timeouts;
    this.#after("stop", stopMs, () => {
      this.#crash(this.#fault("timeout", `did not stop within ${seconds(stopMs)}`));
    });
    if (this.#saidLast) return;
    this.#clear("start");
    this.#to("draining");
    this.#channel.post({ type: "stop", reason });
  }

  #receive(data: unknown): void {
    if (this.#isOver) return;
    if (!this.#flood.admits()) {
      return this.#crash(this.#fault("protocol", "sent too many messages at once"));
    }
    const parsed = guestMessageSchema.safeParse(data);
    if (!parsed.success) {
      const where = parsed.error.issues[0]?.path.join(".") ?? "";
      return this.#crash(this.#fault("protocol", `sent a message of wrong form (at "${where}")`));
    }
    this.#handle(parsed.data);
  }

  #handle(message: GuestMessage): void {
    switch (message.type) {
      case "ready":
        return this.#onReady();
      case "stream":
        return this.#onStream(message.stream);
      case "serving":
        return this.#onServing();
      case "pong":
        this.#memory = message.memory;
        return this.#heartbeat.answered(message.id);
      case "done":
        return this.#onLast({ state: "stopped" });
      case "error":
        return this.#onLast(this.#reported(message.error));
      default:
        if (!this.#task.work(message)) this.#outOfTurn(message.type);
    }
  }

  #onReady(): void {
    if (this.#state !== "spawning") return this.#outOfTurn("ready");
    this.#to("ready");
    this.#channel.post(this.#task.first);
    if (this.#task.begins === "ready") this.#running();
  }

  #onServing(): void {
    if (this.#task.begins !== "serving" || this.#state === "running") {
      return this.#outOfTurn("serving");
    }
    // It may have been told to stop meanwhile.
    if (this.#state === "ready") this.#running();
  }

  #onStream(stream: ReadableStream<unknown>): void {
    if (this.#attached || this.#task.begins !== "stream") {
      void stream.cancel();
      return this.#outOfTurn("stream");
    }
    this.#attached = true;
    this.lines.attach(stream);
    if (this.#state === "ready") return this.#running();
    // It was told to stop meanwhile; what it wrote until then is still to be read.
    this.#settle.resolve();
  }

  #running(): void {
    this.#to("running");
    this.#clear("start");
    this.#settle.resolve();
  }

  /** The guest said its last word; what it wrote before is still to be read. */
  #onLast(end: GuestEnd): void {
    if (this.#saidLast) return this.#outOfTurn("last message");
    this.#saidLast = true;
    this.#clear("start");
    this.#verdict = this.#verdict?.state === "crashed" ? this.#verdict : end;
    if (this.#state !== "draining") this.#to("draining");
    if (this.#drained || !this.#attached) this.#finish(this.#verdict);
  }

  #onDrained(): void {
    this.#drained = true;
    if (this.#saidLast && this.#verdict !== undefined) this.#finish(this.#verdict);
  }

  #overtime(runMs: number): void {
    const error = this.#fault("timeout", `ran longer than ${seconds(runMs)}`);
    if (this.#saidLast) return this.#crash(error);
    this.#verdict = { state: "crashed", error };
    void this.stop("its time is over");
  }

  #outOfTurn(what: string): void {
    this.#crash(this.#fault("protocol", `sent "${what}" out of turn`));
  }

  #crash(error: SandboxError): void {
    if (this.#isOver) return;
    const earlier = this.#verdict?.state === "crashed" ? this.#verdict : undefined;
    this.#finish(earlier ?? { state: "crashed", error });
  }

  #finish(end: GuestEnd): void {
    if (this.#isOver) return;
    this.#to(end.state === "crashed" ? "crashed" : "stopped");
    if (end.state !== "stopped") this.lines.fail(end.error);
    else this.lines.end();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#heartbeat[Symbol.dispose]();
    this.#task.signal.removeEventListener("abort", this.#onAbort);
    this.#settle.resolve();
    this.#channel.terminate().finally(() => this.#end.resolve(end));
  }

  /** A fault of the plugin's own, or a bug in it. */
  #reported(wire: WireError): GuestEnd {
    const cause = fromWire(wire, { plugin: this.#task.plugin });
    if (wire.code !== BUG) return { state: "failed", error: cause };
    const error = new SandboxError(
      "crash",
      `Plugin "${this.#task.plugin}" crashed: ${wire.message}`,
      {
        context: { plugin: this.#task.plugin },
        cause,
      },
    );
    return { state: "crashed", error };
  }

  #fault(code: "crash" | "timeout" | "protocol", what: string): SandboxError {
    return new SandboxError(code, `Plugin "${this.#task.plugin}" ${what}`, {
      context: { plugin: this.#task.plugin },
    });
  }

  #to(state: GuestState): void {
    if (!NEXT[this.#state].includes(state)) {
      throw new Error(`A guest cannot go from "${this.#state}" to "${state}"`);
    }
    this.#state = state;
  }

  #after(name: "start" | "run" | "stop", ms: number, then: () => void): void {
    if (ms !== Infinity) this.#timers.set(name, setTimeout(then, ms));
  }

  #clear(name: "start"): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
