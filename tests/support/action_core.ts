interface Wire {
  readonly kind: string;
  readonly message_type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the core does to a connection behind a message that it got. */
export type AfterMessage = "stay" | "close" | "break";

/** The part of a core that speaks to subscribers, one at a time. */
export class ActionCore implements AsyncDisposable {
  /** Everything that came, in order: `POST /subscriber/..`, `open`, `DELETE ..`. */
  readonly calls: string[] = [];
  /** Messages that came. */
  readonly got: Wire[] = [];
  readonly texts: string[] = [];
  after: AfterMessage = "stay";
  /** Answers that arrive and are lost: the action stays pending. */
  loses = 0;
  /** Statuses of the next calls by method; `open` for the socket. */
  readonly statuses: { call: string; status: number }[] = [];
  /** Breaks the connections without a word. */
  breakAll: () => void = () => {};
  readonly #pending = new Map<string, string>();
  #sockets = new Set<WebSocket>();
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;

  constructor(start = true) {
    if (start) this.start();
  }

  start(port = 0): void {
    const onListen = () => {};
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port, onListen },
      (request) => this.#answer(request),
    );
  }

  get port(): number {
    return this.#server?.addr.port ?? 1;
  }

  get connected(): number {
    return this.#open.length;
  }

  /** Asks for an action, and again with each new connection until it is answered. */
  ask(messageType: string, task: string, more: Readonly<Record<string, unknown>> = {}): void {
    const data = { task, step: messageType, ...more };
    const text = JSON.stringify({ kind: "action", message_type: messageType, data });
    this.#pending.set(`${task} ${messageType}`, text);
    this.say(text);
  }

  get #open(): readonly WebSocket[] {
    return [...this.#sockets].filter(({ readyState }) => readyState === WebSocket.OPEN);
  }

  say(text: string): void {
    for (const socket of this.#open) socket.send(`${text}\n`);
  }

  closeAll(): void {
    for (const socket of this.#sockets) socket.close();
  }

  async stop(): Promise<void> {
    this.closeAll();
    await this.#server?.shutdown();
    this.#server = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #answer(request: Request): Response {
    const { pathname, search } = new URL(request.url);
    const isSocket = request.headers.get("upgrade") !== null;
    const call = isSocket ? "open" : request.method;
    this.calls.push(isSocket ? "open" : `${request.method} ${pathname}${search}`);
    const planned = this.statuses.findIndex((each) => each.call === call);
    const [plan] = planned < 0 ? [] : this.statuses.splice(planned, 1);
    if (plan !== undefined) return new Response("Error: planned", { status: plan.status });
    if (!isSocket) return Response.json({ id: pathname });
    if (this.#sockets.size > 0) return new Response("Only one", { status: 429 });
    return this.#upgrade(request);
  }

  #upgrade(request: Request): Response {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.addEventListener("open", () => {
      for (const text of this.#pending.values()) socket.send(text);
    });
    this.#sockets.add(socket);
    socket.addEventListener("message", ({ data }) => this.#receive(String(data), socket));
    socket.addEventListener("close", () => this.#sockets.delete(socket));
    return response;
  }

  #receive(text: string, socket: WebSocket): void {
    this.texts.push(text);
    const message: Wire = JSON.parse(text);
    this.got.push(message);
    if (message.kind === "action_done" || message.kind === "action_error") {
      if (this.loses > 0) this.loses--;
      else this.#pending.delete(`${message.data["task"]} ${message.message_type}`);
    }
    if (this.after === "close") socket.close();
    if (this.after === "break") this.breakAll();
  }
}
