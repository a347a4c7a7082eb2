import { readActionMessage } from "./action_messages.ts";
import { checkAuth } from "./auth.ts";
import { CoreSocket, type SocketContext, type SocketHandler } from "./core_socket.ts";
import type { CoreState } from "./core_state.ts";
import type { RequestEffect } from "./faults.ts";
import type { FrontConnection } from "./front.ts";
import type { JsonObject } from "./json.ts";
import type { SeenRequest } from "./observations.ts";
import { Refusal, unknownPath } from "./refusal.ts";
import { answerCall } from "./routes.ts";
import { handlersOf, type WorkQueue } from "./work_queue.ts";

/** What the server works with; `lifetime` ends when the core dies. */
export interface ServerParts extends SocketContext {
  readonly state: CoreState;
  readonly queue: WorkQueue;
  readonly psk: string | undefined;
  /** Path before every path of the core, `/fix`; empty for none. */
  readonly prefix: string;
  lifetime(): AbortSignal;
  connection(port: number): FrontConnection | undefined;
}

/** The requests and sockets of a core. */
export class CoreServer {
  readonly #parts: ServerParts;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #sockets = new Set<CoreSocket>();
  /** Sockets that want to hear of events of these sorts. */
  readonly #listeners = new Map<CoreSocket, ReadonlySet<string>>();

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request, info) => this.#serve(request, info),
    );
  }

  get port(): number {
    return this.#server.addr.port;
  }

  /** Tells everybody who listens. */
  publish(type: string, data: JsonObject): void {
    for (const [socket, shown] of this.#listeners) {
      if (shown.size === 0 || shown.has(type)) {
        socket.send({ kind: "event", message_type: type, data });
      }
    }
  }

  /** What is still open counts as gone from here on. */
  kill(): void {
    for (const socket of [...this.#sockets]) socket.cut();
    this.#sockets.clear();
    this.#listeners.clear();
  }

  async close(): Promise<void> {
    await this.#server.shutdown();
  }

  async #serve(request: Request, info: Deno.ServeHandlerInfo): Promise<Response> {
    const { state, observations, faults } = this.#parts;
    const signal = this.#parts.lifetime();
    const { remoteAddr } = info;
    const port = remoteAddr.transport === "tcp" ? remoteAddr.port : 0;
    const connection = this.#parts.connection(port);
    const url = new URL(request.url);
    const seen: SeenRequest = {
      method: request.method,
      path: url.pathname,
      query: url.search,
      headers: Object.fromEntries(request.headers),
      bytes: 0,
    };
    observations.requests.push(seen);
    observations.changed();
    let response: Response;
    try {
      if (signal.aborted) throw signal.reason;
      const effect = faults.request(request.method, url.pathname);
      response = await this.#answer(request, url, seen, effect, connection, signal);
    } catch (error) {
      if (signal.aborted || error instanceof Gone) return this.#goneAnswer(connection);
      if (!(error instanceof Refusal)) {
        // The body of a client that went away cannot be read.
        if (error instanceof Error && /body|connection/.test(error.message)) {
          return this.#goneAnswer(connection);
        }
        observations.violation(`the fake core broke at ${url.pathname}: ${error}`);
        return this.#goneAnswer(connection);
      }
      response = error.response();
    }
    seen.status = response.status;
    observations.changed();
    if (state.dialect === "fixcore" && response.status !== 101) addCors(response, request);
    return response;
  }

  async #hold(signal: AbortSignal): Promise<void> {
    const held = this.#parts.faults.hold(signal);
    this.#parts.observations.changed();
    await held;
  }

  /** Nobody reads this answer. */
  #goneAnswer(connection: FrontConnection | undefined): Response {
    connection?.cut();
    return new Response(null, { status: 500 });
  }

  async #answer(
    request: Request,
    url: URL,
    seen: SeenRequest,
    effect: RequestEffect | undefined,
    connection: FrontConnection | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const body = this.#tapped(request.body, seen, effect, connection, signal);
    if (effect?.type === "answer") {
      await body?.cancel();
      return new Response(effect.body ?? "", {
        status: effect.status,
        ...(effect.headers === undefined ? {} : { headers: effect.headers }),
      });
    }
    if (effect?.type === "cut" && effect.after === undefined) throw new Gone();
    if (effect?.type === "hold" && effect.after === undefined) {
      await this.#hold(signal);
    }
    if (effect?.type === "silence") {
      for await (const _ of body ?? []) { /* taken and lost */ }
      await Promise.race([connection?.ended, aborted(signal)]);
      throw new Gone();
    }
    if (effect?.type === "truncate") connection?.truncateAnswer(effect.bytes);
    return await this.#handle(request, url, body, connection, signal);
  }

  async #handle(
    request: Request,
    url: URL,
    body: ReadableStream<Uint8Array> | null,
    connection: FrontConnection | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const { state, psk, prefix, observations } = this.#parts;
    if (!url.pathname.startsWith(`${prefix}/`)) throw unknownPath(state.dialect);
    const path = url.pathname.slice(prefix.length);
    const auth = checkAuth(state.dialect, psk, request, path, state.clock.now());
    if (auth.violation !== undefined) observations.violation(`${path}: ${auth.violation}`);
    if (auth.refusal !== undefined) throw auth.refusal;
    if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
      return this.#upgrade(request, url, path, connection);
    }
    const { method, headers } = request;
    const { searchParams: parameters } = url;
    return await answerCall({ state, psk, method, path, parameters, headers, body, signal });
  }

  /** The body, counted, and broken or held where the fault says. */
  #tapped(
    body: ReadableStream<Uint8Array> | null,
    seen: SeenRequest,
    effect: RequestEffect | undefined,
    connection: FrontConnection | undefined,
    signal: AbortSignal,
  ): ReadableStream<Uint8Array> | null {
    if (body === null) return null;
    const { observations } = this.#parts;
    const after = effect?.type === "cut" || effect?.type === "hold" ? effect.after : undefined;
    let isDone = after === undefined;
    const strike = async () => {
      isDone = true;
      if (effect?.type === "hold") return await this.#hold(signal);
      connection?.cut();
      throw new Gone();
    };
    return body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: async (chunk, controller) => {
          seen.bytes += chunk.length;
          observations.changed();
          if (!isDone && after !== undefined && seen.bytes >= after) await strike();
          controller.enqueue(chunk);
        },
        flush: async () => {
          if (!isDone) await strike();
        },
      }),
    );
  }

  /** @throws Refusal as the core refuses the handshake */
  #upgrade(
    request: Request,
    url: URL,
    path: string,
    connection: FrontConnection | undefined,
  ): Response {
    const [, subscriber] = /^\/subscriber\/([^/]+)\/handle$/.exec(path) ?? [];
    const { state } = this.#parts;
    if (subscriber !== undefined) state.subscribers.checkConnect(decodeURIComponent(subscriber));
    const taken = path === "/work/queue" && state.dialect === "ckcore"
      ? handlersOf(url.searchParams)
      : [];
    const isKnown = subscriber !== undefined || path === "/work/queue" || path === "/events";
    if (!isKnown) throw unknownPath(state.dialect);
    const { socket: raw, response } = Deno.upgradeWebSocket(request, {
      // Pings go out after half of the time.
      idleTimeout: this.#parts.heartbeat * 2,
    });
    const socket = new CoreSocket(raw, path, connection, this.#parts);
    this.#sockets.add(socket);
    const handler = subscriber !== undefined
      ? this.#subscriberHandler(decodeURIComponent(subscriber), socket)
      : path === "/work/queue"
      ? this.#queueHandler(socket, taken)
      : this.#eventHandler(socket, url.searchParams);
    socket.serve({
      ...handler,
      closed: () => {
        this.#sockets.delete(socket);
        handler.closed();
      },
    });
    return response;
  }

  #subscriberHandler(id: string, socket: CoreSocket): SocketHandler {
    const { state } = this.#parts;
    state.subscribers.connected(id, socket);
    return {
      opened: () => state.workflows.replay(id, (action) => socket.send(action)),
      message: (json) => {
        const message = readActionMessage(json, state.dialect);
        return typeof message === "string" ? message : state.workflows.take(id, message);
      },
      closed: () => state.subscribers.disconnected(id, socket),
    };
  }

  #queueHandler(socket: CoreSocket, taken: ReturnType<typeof handlersOf>): SocketHandler {
    const { queue } = this.#parts;
    let worker: ReturnType<WorkQueue["attach"]> | undefined;
    return {
      opened: () => {
        worker = queue.attach(socket, taken);
        queue.dispatch();
      },
      message: (json) => worker === undefined ? "not open" : queue.take(worker, json),
      closed: () => {
        if (worker !== undefined) queue.detach(worker);
      },
    };
  }

  #eventHandler(socket: CoreSocket, parameters: URLSearchParams): SocketHandler {
    const shown = parameters.get("show")?.split(",") ?? [];
    this.#listeners.set(socket, new Set(shown));
    return {
      message: (json) => json["kind"] === "event" ? undefined : "is no event",
      closed: () => {
        this.#listeners.delete(socket);
      },
    };
  }
}

/** The client is gone, or is made to be. */
class Gone extends Error {}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function addCors(response: Response, request: Request): void {
  const origin = request.headers.get("origin") ?? "*";
  response.headers.set("Access-Control-Allow-Origin", origin);
  response.headers.set("Access-Control-Allow-Methods", "*");
  response.headers.set("Access-Control-Allow-Headers", "*");
  response.headers.set("Access-Control-Max-Age", "86400");
}
