import { CkError, PluginError, toWire } from "../errors/mod.ts";
import type { LogLevel } from "../log/mod.ts";
import type { DoctorReport } from "./collector.ts";
import { explainDenied } from "./denied.ts";
import { type GuestContext, guestContext, HelperCalls } from "./guest_context.ts";
import type { GuestWatch } from "./guest_globals.ts";
import type { GuestPort } from "./guest_port.ts";
import { LineStream } from "./line_stream.ts";
import { Outbox } from "./outbox.ts";
import { type HostMessage, hostMessageSchema, PARSING, type StartMessage } from "./protocol.ts";
import { Scopes } from "./scope_writer.ts";

/** A collector whose options are parsed already. */
export interface LoadedCollector {
  collect(context: GuestContext): Promise<void>;
  /** Absent when the plugin has no check of its own. */
  readonly doctor?: (context: GuestContext) => Promise<DoctorReport>;
}

const NOT_CHECKED: DoctorReport = {
  credentials: "not checked: the plugin has no check of its own",
  accounts: [],
};

/** What a guest does with the host's request. */
export interface GuestBehaviour {
  load(start: StartMessage): Promise<LoadedCollector>;
  /** Reads a third-party plugin and gives its facts. */
  inspect?(source: string, options: Record<string, unknown>): Promise<unknown>;
}

/** The guest's side of the protocol: one request, answered once. */
export class GuestSession implements GuestWatch {
  readonly #port: GuestPort;
  readonly #behaviour: GuestBehaviour;
  readonly #outbox: Outbox;
  readonly #helpers: HelperCalls;
  readonly #lines = new LineStream();
  readonly #stop = new AbortController();
  #started = false;
  #ended = false;

  constructor(port: GuestPort, behaviour: GuestBehaviour) {
    this.#port = port;
    this.#behaviour = behaviour;
    this.#outbox = new Outbox(port);
    this.#helpers = new HelperCalls(port);
    port.listen((data) => this.#receive(hostMessageSchema.parse(data, PARSING)));
    port.post({ type: "ready" });
  }

  log(level: LogLevel, event: string, message: string): void {
    if (!this.#ended) this.#outbox.log({ level, event, message, fields: {} });
  }

  fail(thrown: unknown): void {
    if (this.#ended) return;
    this.#end();
    const denied = explainDenied(thrown, { plugin: this.#port.name });
    this.#port.post({ type: "error", error: toWire(denied ?? thrown) });
  }

  #receive(message: HostMessage): void {
    switch (message.type) {
      case "ping":
        return this.#port.post({ type: "pong", id: message.id });
      case "helperResult":
        return this.#helpers.answer(message);
      case "stop": {
        const reason = new CkError("stopped", `Stopped: ${message.reason}`);
        this.#helpers.abort(reason);
        return this.#stop.abort(reason);
      }
      case "start":
      case "inspect":
        if (!this.#started) this.#serve(message).catch((thrown) => this.fail(thrown));
        this.#started = true;
    }
  }

  async #serve(message: Extract<HostMessage, { type: "start" | "inspect" }>): Promise<void> {
    if (message.type === "inspect") await this.#inspect(message.source, message.options);
    else if (message.mode === "doctor") await this.#doctor(message);
    else await this.#collect(message);
    if (this.#ended) return;
    this.#end();
    this.#port.post({ type: "done" });
  }

  async #inspect(source: string, options: Record<string, unknown>): Promise<void> {
    if (this.#behaviour.inspect === undefined) throw new PluginError("There is nothing to inspect");
    const plugin = await this.#behaviour.inspect(source, options);
    this.#port.post({ type: "inspected", plugin });
  }

  async #doctor(start: StartMessage): Promise<void> {
    const { doctor } = await this.#behaviour.load(start);
    const report = await doctor?.(this.#context(start, this.#scopes(start)));
    this.#port.post({ type: "doctorReport", report: report ?? NOT_CHECKED });
  }

  async #collect(start: StartMessage): Promise<void> {
    const collector = await this.#behaviour.load(start);
    const stream = this.#lines.readable;
    this.#port.post({ type: "stream", stream }, [stream]);
    const scopes = this.#scopes(start);
    await collector.collect(this.#context(start, scopes)).catch((thrown) => {
      if (!this.#stop.signal.aborted) throw thrown;
      this.log("debug", "guest.stopped", `Collection ended by the stop: ${thrown}`);
    });
    const [open] = scopes.open;
    if (open !== undefined && !this.#stop.signal.aborted) {
      throw new PluginError(`The collector returned without closing scope "${open}"`);
    }
  }

  #scopes({ cloud, resumed }: StartMessage): Scopes {
    return new Scopes({ cloud, resumed, lines: this.#lines, signal: this.#stop.signal });
  }

  #context(start: StartMessage, scopes: Scopes): GuestContext {
    return guestContext(start, {
      port: this.#port,
      outbox: this.#outbox,
      helpers: this.#helpers,
      signal: this.#stop.signal,
      scopes,
      writes: start.mode === "collect",
    });
  }

  /** Sends everything that waits; what follows is the last message. */
  #end(): void {
    this.#ended = true;
    this.#outbox.flush();
    this.#lines.close();
  }
}
