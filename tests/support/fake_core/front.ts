import { isGone, writeAll } from "../raw_http.ts";
import type { Authority } from "./authority.ts";

/**
 * What a client connects to: passes bytes on to the server behind it, and can break a connection
 * at any moment like a process that is killed. TLS ends here.
 */
export class Front {
  readonly port: number;
  readonly #listener: Deno.Listener<Deno.Conn>;
  readonly #backend: number;
  readonly #connections = new Map<number, FrontConnection>();
  readonly #accepting: Promise<void>;
  readonly #passing = new Set<Promise<void>>();

  /** @param port 0 takes a free one */
  constructor(backend: number, port: number, authority: Authority | undefined) {
    this.#backend = backend;
    this.#listener = authority === undefined
      ? Deno.listen({ hostname: "127.0.0.1", port })
      : Deno.listenTls({ hostname: "127.0.0.1", port, cert: authority.cert, key: authority.key });
    const { addr } = this.#listener;
    // Only a listener for files has no port.
    this.port = "port" in addr ? addr.port : 0;
    this.#accepting = this.#accept();
  }

  /** The connection that reached the server from this port. */
  connection(backendPort: number): FrontConnection | undefined {
    return this.#connections.get(backendPort);
  }

  /** Breaks every connection; new ones are taken. */
  cutAll(): void {
    for (const connection of this.#connections.values()) connection.cut();
  }

  /** Breaks every connection and takes no more. */
  async close(): Promise<void> {
    this.#listener.close();
    this.cutAll();
    await this.#accepting;
    this.cutAll();
    await Promise.all(this.#passing);
  }

  async #accept(): Promise<void> {
    for (;;) {
      try {
        const client = await this.#listener.accept();
        const passed = this.#pass(client).finally(() => this.#passing.delete(passed));
        this.#passing.add(passed);
      } catch (error) {
        if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) {
          return;
        }
        // A client that fails to shake hands is gone; the next may come.
        if (!isGone(error)) throw error;
      }
    }
  }

  async #pass(client: Deno.Conn): Promise<void> {
    const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#backend });
    const { port } = server.localAddr;
    const connection = new FrontConnection(client, server);
    this.#connections.set(port, connection);
    await connection.pass();
    this.#connections.delete(port);
  }
}

/** One connection of a client with its way to the server. */
export class FrontConnection {
  readonly #client: Deno.Conn;
  readonly #server: Deno.Conn;
  readonly #ended = Promise.withResolvers<void>();
  #open = true;
  /** Bytes of the body that the next answer may still have. */
  #allowed: number | undefined;

  constructor(client: Deno.Conn, server: Deno.Conn) {
    this.#client = client;
    this.#server = server;
  }

  /** Resolves once the connection has ended. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  cut(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#client.close();
    this.#server.close();
    this.#ended.resolve();
  }

  /** Lets only so many bytes of the next answer's body through, then breaks the connection. */
  truncateAnswer(bytes: number): void {
    this.#allowed = bytes;
  }

  async pass(): Promise<void> {
    const both = [this.#pump(this.#client, this.#server), this.#answer()];
    await Promise.all(both);
    this.cut();
  }

  async #pump(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    await this.#each(from, (bytes) => writeAll(to, bytes));
    if (this.#open) await to.closeWrite().catch(ignoreGone);
  }

  async #answer(): Promise<void> {
    let inBody = false;
    await this.#each(this.#server, async (bytes) => {
      if (this.#allowed === undefined) return await writeAll(this.#client, bytes);
      const start = inBody ? 0 : endOfHead(bytes);
      inBody = true;
      const part = bytes.subarray(0, start + this.#allowed);
      this.#allowed -= part.length - start;
      await writeAll(this.#client, part);
      if (this.#allowed <= 0) this.cut();
    });
    if (this.#open) await this.#client.closeWrite().catch(ignoreGone);
  }

  async #each(from: Deno.Conn, take: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const buffer = new Uint8Array(65536);
    try {
      for (;;) {
        const count = await from.read(buffer);
        if (count === null) return;
        await take(buffer.subarray(0, count));
      }
    } catch (error) {
      ignoreGone(error);
      // Whoever breaks the connection breaks both halves.
      this.cut();
    }
  }
}

function endOfHead(bytes: Uint8Array): number {
  const end = new TextDecoder("latin1").decode(bytes).indexOf("\r\n\r\n");
  return end < 0 ? bytes.length : end + 4;
}

function ignoreGone(error: unknown): void {
  if (isGone(error) || error instanceof Deno.errors.NotConnected) return;
  throw error;
}
