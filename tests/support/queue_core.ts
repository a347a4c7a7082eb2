import { settle } from "./until.ts";

interface OpenTask {
  readonly text: string;
  readonly done: PromiseWithResolvers<unknown>;
  worker: WebSocket | undefined;
  retries: number;
}

/**
 * The work queue of a core: gives each task to the connection with the least of them, takes results
 * from the connection that has the task only, and gives out again what was open on a connection
 * that ended, three times.
 */
export class QueueCore implements AsyncDisposable {
  /** Queries of the connections. */
  readonly queries: string[] = [];
  /** Messages that came. */
  readonly texts: string[] = [];
  /** Connections are closed behind each message; else the first message is the list of offers. */
  readonly closes: boolean;
  statuses: number[] = [];
  readonly #tasks = new Map<string, OpenTask>();
  readonly #counts = new Map<WebSocket, number>();
  readonly #waiting: OpenTask[] = [];
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;

  constructor(closes: boolean) {
    this.closes = closes;
    this.start();
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

  /** Connections that get tasks. */
  get workers(): number {
    return this.#counts.size;
  }

  /** Tasks whose result is not known. */
  get open(): number {
    return this.#tasks.size;
  }

  /** Gives out a task; resolves with the message that answered it, or "Could not finish". */
  async give(id: string, more: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const task = { task_id: id, task_name: "tag", attrs: { cloud: "aws" }, data: {}, ...more };
    const open: OpenTask = {
      text: JSON.stringify(task),
      done: Promise.withResolvers(),
      worker: undefined,
      retries: 0,
    };
    this.#tasks.set(id, open);
    this.#assign(open);
    return await open.done.promise;
  }

  /** Gives a task out a second time, to another connection: the first took too long. */
  again(id: string): void {
    const task = this.#tasks.get(id);
    if (task !== undefined) this.#assign(task, task.worker);
  }

  say(text: string): void {
    for (const socket of this.#counts.keys()) socket.send(text);
  }

  closeAll(): void {
    for (const socket of this.#counts.keys()) socket.close();
  }

  async stop(): Promise<void> {
    this.closeAll();
    await this.#server?.shutdown();
    this.#server = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await settle();
  }

  #answer(request: Request): Response {
    const { pathname, search } = new URL(request.url);
    const status = this.statuses.shift();
    if (status !== undefined) return new Response("Error: planned", { status });
    this.queries.push(pathname + search);
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.addEventListener("open", () => this.closes && this.#attach(socket));
    socket.addEventListener("message", ({ data }) => this.#receive(String(data), socket));
    socket.addEventListener("close", () => this.#detach(socket));
    return response;
  }

  #attach(socket: WebSocket): void {
    this.#counts.set(socket, 0);
    for (const task of this.#waiting.splice(0)) this.#assign(task);
  }

  #assign(task: OpenTask, not?: WebSocket): void {
    const [worker] = [...this.#counts].filter(([socket]) => socket !== not)
      .toSorted(([, a], [, b]) => a - b);
    if (worker === undefined) return void this.#waiting.push(task);
    const [socket, count] = worker;
    task.worker = socket;
    this.#counts.set(socket, count + 1);
    if (socket.readyState === WebSocket.OPEN) socket.send(task.text);
  }

  #receive(text: string, socket: WebSocket): void {
    this.texts.push(text);
    if (!this.closes && !this.#counts.has(socket)) return this.#attach(socket);
    const message: { task_id: string } = JSON.parse(text);
    const task = this.#tasks.get(message.task_id);
    if (task?.worker === socket) {
      this.#tasks.delete(message.task_id);
      this.#counts.set(socket, (this.#counts.get(socket) ?? 1) - 1);
      task.done.resolve(message);
    }
    if (!this.closes) return;
    this.#detach(socket);
    socket.close();
  }

  #detach(socket: WebSocket): void {
    this.#counts.delete(socket);
    for (const [id, task] of this.#tasks) {
      if (task.worker !== socket) continue;
      task.worker = undefined;
      if (task.retries++ < 3) this.#assign(task);
      else {
        this.#tasks.delete(id);
        task.done.resolve("Could not finish the task.");
      }
    }
  }
}
