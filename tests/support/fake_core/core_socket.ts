import { type CoreDialect, MESSAGE_LIMIT } from "./dialect.ts";
import type { FaultPlan } from "./faults.ts";
import type { FrontConnection } from "./front.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import type { Observations } from "./observations.ts";

/** What all sockets of a core have in common. */
export interface SocketContext {
  readonly dialect: CoreDialect;
  readonly observations: Observations;
  readonly faults: FaultPlan;
  /** After each message of the client the older core closes the socket, or just drops it. */
  readonly closesAfterMessage: false | "close" | "abrupt";
  /** Seconds between pings to the client; 0 sends none. */
  readonly heartbeat: number;
}

/** The side of the core behind a socket. */
export interface SocketHandler {
  opened?(): void;
  /** @returns what is wrong with the message, if anything is */
  message(json: JsonObject, text: string): string | undefined;
  closed(): void;
}

/** A websocket to a worker, with the manners of its generation. */
export class CoreSocket {
  readonly path: string;
  readonly #socket: WebSocket;
  readonly #connection: FrontConnection | undefined;
  readonly #context: SocketContext;
  #handler: SocketHandler | undefined;
  #isOver = false;

  constructor(
    socket: WebSocket,
    path: string,
    connection: FrontConnection | undefined,
    context: SocketContext,
  ) {
    this.#socket = socket;
    this.path = path;
    this.#connection = connection;
    this.#context = context;
  }

  /** Starts to listen. */
  serve(handler: SocketHandler): void {
    this.#handler = handler;
    this.#socket.onopen = () => {
      handler.opened?.();
      this.#context.observations.changed();
    };
    this.#socket.onmessage = ({ data }) => this.#take(data);
    this.#socket.onclose = () => this.#end();
    // A broken connection is told by the close that follows.
    this.#socket.onerror = () => {};
  }

  /** Sends one JSON document; nothing once the socket is over. */
  send(json: JsonObject): void {
    if (this.#isOver || this.#socket.readyState !== WebSocket.OPEN) return;
    const raw = `${JSON.stringify(json)}\n`;
    this.#context.observations.messages.push({ direction: "out", path: this.path, raw, json });
    this.#socket.send(raw);
    this.#context.observations.changed();
  }

  /** Ends the socket at once for the core; the client hears of it. */
  close(code = 1000): void {
    if (this.#isOver) return;
    this.#end();
    if (this.#socket.readyState <= WebSocket.OPEN) this.#socket.close(code);
  }

  /** Breaks the connection without a word. */
  cut(): void {
    this.#end();
    this.#connection?.cut();
  }

  #take(data: unknown): void {
    // Once the core has hung up it hears nothing any more.
    if (this.#isOver) return;
    const { observations, faults } = this.#context;
    if (typeof data !== "string") return this.#refuse("a message is not text", String(data));
    if (new TextEncoder().encode(data).length > MESSAGE_LIMIT) {
      this.#refuse("a message is too long", data);
      return this.close(1009);
    }
    const json = parseJson(data);
    observations.messages.push({
      direction: "in",
      path: this.path,
      raw: data,
      json: isObject(json) ? json : undefined,
    });
    const fault = faults.message(this.path, data);
    if (fault?.type === "cut") this.cut();
    else if (fault?.type === "close") this.close(fault.code);
    else if (fault?.type !== "ignore") this.#handle(json, data);
    if (fault?.type === "cut_after") this.cut();
    observations.changed();
    this.#hangUp();
  }

  #handle(json: unknown, text: string): void {
    if (this.#context.dialect === "fixcore" && text.trim() === "") return;
    const problem = isObject(json) || Array.isArray(json)
      ? this.#handler?.message(isObject(json) ? json : { list: json }, text)
      : "is no JSON object";
    if (problem !== undefined) this.#refuse(problem, text);
  }

  #refuse(problem: string, text: string): void {
    this.#context.observations.violation(`${this.path}: ${problem}: ${text.slice(0, 200)}`);
    if (this.#context.dialect === "fixcore") this.close();
  }

  #hangUp(): void {
    if (this.#context.closesAfterMessage === "close") this.close();
    if (this.#context.closesAfterMessage === "abrupt") this.cut();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#handler?.closed();
    this.#context.observations.changed();
  }
}
