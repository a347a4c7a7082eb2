import type { Clock } from "../sdk/mod.ts";
import type { CoreConnection } from "./connection.ts";

/** How long a socket may be silent or slow, milliseconds. */
export interface SocketLimits {
  /** A socket on which nothing came for so long is replaced. */
  readonly silenceMs: number;
  /** Longest wait for the other end to close; then the socket counts as dead. */
  readonly closeMs: number;
}

/**
 * An old core sends no pings, and the runtime hides those of a new one: nobody sees that the way to
 * a silent socket is dead (a router forgets an idle connection after some minutes). Replacing a
 * silent socket finds out, and costs one handshake.
 */
export const SOCKET_LIMITS: SocketLimits = { silenceMs: 300_000, closeMs: 5_000 };

/** How a socket ended. */
export interface SocketEnd {
  /** We closed it. */
  readonly ours: boolean;
  /** For people. */
  readonly reason: string;
}

/** One websocket to a core as a line of texts; what comes before anybody reads is kept. */
export class CoreSocket {
  /** Resolves when it is closed at both ends, or given up. */
  readonly ended: Promise<SocketEnd>;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #limits: SocketLimits;
  readonly #over = new AbortController();
  readonly #end = Promise.withResolvers<SocketEnd>();
  #inbox: string[] = [];
  #wake = Promise.withResolvers<void>();
  #heardAt: number;
  #closing = false;
  #fault = "";

  private constructor(socket: WebSocket, clock: Clock, limits: SocketLimits) {
    this.#socket = socket;
    this.#clock = clock;
    this.#limits = limits;
    this.#heardAt = clock.now();
    this.ended = this.#end.promise;
    socket.addEventListener("message", (event) => this.#receive(event.data));
    socket.addEventListener("error", (event) => {
      this.#fault = event instanceof ErrorEvent ? event.message : "broken";
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.#finish(this.#fault || `closed with ${code}${reason && `: ${reason}`}`);
    });
  }

  /** @throws what {@link CoreConnection.open} throws */
  static async open(
    connection: CoreConnection,
    path: string,
    signal: AbortSignal,
    clock: Clock,
    limits: SocketLimits = SOCKET_LIMITS,
  ): Promise<CoreSocket> {
    let opened: CoreSocket | undefined;
    // A core sends at once; whoever listens only when the promise resolves misses it.
    await connection.open(path, signal, (socket) => {
      opened = new CoreSocket(socket, clock, limits);
    });
    if (opened === undefined) throw new Error("The socket was not handed over before it opened");
    opened.#heardAt = clock.now();
    return opened;
  }

  /** Nothing can be sent any more. */
  get isOver(): boolean {
    return this.#closing || this.#socket.readyState !== WebSocket.OPEN;
  }

  /** The texts as they come, until the socket ends or {@link close} is called. */
  async *texts(): AsyncGenerator<string, void, void> {
    for (;;) {
      const text = this.#inbox.shift();
      if (text !== undefined) yield text;
      else if (this.#closing || this.#over.signal.aborted) return;
      else await this.#wake.promise;
    }
  }

  /** Sends a text; false when the socket cannot take it any more. */
  send(text: string): boolean {
    if (this.isOver) return false;
    this.#socket.send(text);
    return true;
  }

  /** Closes the socket when nothing came for the limit and it is not busy. */
  async replaceWhenSilent(isBusy: () => boolean): Promise<void> {
    // Sockets that were opened together are not replaced together.
    const silence = this.#limits.silenceMs * (0.75 + this.#clock.random() / 4);
    while (await this.pause(Math.max(1_000, this.#heardAt + silence - this.#clock.now()))) {
      const isSilent = this.#clock.now() - this.#heardAt >= silence;
      if (isSilent && !isBusy()) return void this.close();
    }
  }

  /** Ends it in order: what was sent before arrives, what comes from now on is not read. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#inbox = [];
      this.#rouse();
      this.#socket.close();
      void this.pause(this.#limits.closeMs).then((slept) => {
        if (slept) this.#finish("the other end does not close");
      });
    }
    await this.ended;
  }

  /** Waits; false when the socket has ended meanwhile. */
  pause(ms: number): Promise<boolean> {
    return this.#clock.sleep(ms, this.#over.signal).then(() => true, () => false);
  }

  #receive(data: unknown): void {
    this.#heardAt = this.#clock.now();
    // A core sends texts only.
    if (this.#closing || typeof data !== "string") return;
    this.#inbox.push(data);
    this.#rouse();
  }

  #rouse(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  #finish(reason: string): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#rouse();
    this.#end.resolve({ ours: this.#closing, reason });
  }
}
