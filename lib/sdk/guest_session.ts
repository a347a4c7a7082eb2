import { CkError, PluginError, toWire } from "../errors/mod.ts";
import type { LogLevel } from "../log/mod.ts";
import { ActMode, type ActsOnGraph } from "./action/act_mode.ts";
import { ChangeMode, type ChangesNodes } from "./change_mode.ts";
import { CollectMode, type CollectsNodes, DoctorMode } from "./collect_mode.ts";
import { explainDenied } from "./denied.ts";
import type { GuestWatch } from "./guest_globals.ts";
import type { GuestMode } from "./guest_mode.ts";
import type { GuestPort } from "./guest_port.ts";
import { HelperCalls } from "./helper_calls.ts";
import { Outbox } from "./outbox.ts";
import { type HostMessage, hostMessageSchema, PARSING, type StartMessage } from "./protocol.ts";

/** A plugin whose options are parsed already: what it does in each mode that it has. */
export interface LoadedPlugin extends CollectsNodes, ChangesNodes, ActsOnGraph {}

/** What a guest does with the host's request. */
export interface GuestBehaviour {
  load(start: StartMessage): Promise<LoadedPlugin>;
  /** Reads a third-party plugin and gives its facts. */
  inspect?(source: string, options: Record<string, unknown>): Promise<unknown>;
}

/** The guest's side of the protocol: one start, carried out by its mode and ended by one message. */
export class GuestSession implements GuestWatch {
  readonly #port: GuestPort;
  readonly #behaviour: GuestBehaviour;
  readonly #outbox: Outbox;
  readonly #helpers: HelperCalls;
  #mode: GuestMode | undefined;
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
        return this.#port.post({ type: "pong", id: message.id, memory: ownMemory() });
      case "helperResult":
        return this.#helpers.answer(message);
      case "stop":
        return this.#mode?.stop(new CkError("stopped", `Stopped: ${message.reason}`));
      case "start":
      case "inspect":
        if (this.#mode !== undefined) return;
        this.#mode = this.#modeOf(message);
        return void this.#serve(this.#mode).catch((thrown) => this.fail(thrown));
      default:
        return this.#mode?.receive?.(message);
    }
  }

  async #serve(mode: GuestMode): Promise<void> {
    await mode.run();
    if (this.#ended) return;
    this.#end();
    this.#port.post({ type: "done" });
  }

  #modeOf(message: Extract<HostMessage, { type: "start" | "inspect" }>): GuestMode {
    if (message.type === "inspect") return this.#inspection(message.source, message.options);
    const common = { port: this.#port, outbox: this.#outbox, helpers: this.#helpers };
    const plugin = () => this.#behaviour.load(message);
    switch (message.mode) {
      case "collect":
        return new CollectMode({ ...common, start: message }, plugin);
      case "doctor":
        return new DoctorMode({ ...common, start: message }, plugin);
      case "change":
        return new ChangeMode({ ...common, start: message }, plugin);
      case "act":
        return new ActMode({ ...common, start: message }, plugin);
    }
  }

  #inspection(source: string, options: Record<string, unknown>): GuestMode {
    return {
      run: async () => {
        const { inspect } = this.#behaviour;
        if (inspect === undefined) throw new PluginError("There is nothing to inspect");
        this.#port.post({ type: "inspected", plugin: await inspect(source, options) });
      },
      stop: () => {},
    };
  }

  /** Sends everything that waits; what follows is the last message. */
  #end(): void {
    this.#ended = true;
    this.#outbox.flush();
    this.#mode?.flush?.();
  }
}

/** Bytes of this guest alone, whether or not it shares its process with the host. */
function ownMemory(): number {
  const { heapTotal, external } = Deno.memoryUsage();
  return heapTotal + external;
}
