/** Stands before a server and can break its connections without a word. */
export class CutProxy implements AsyncDisposable {
  readonly port: number;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.Conn>();
  readonly #accepting: Promise<void>;

  constructor(target: () => number) {
    this.port = this.#listener.addr.port;
    this.#accepting = this.#accept(target);
  }

  /** Breaks all connections. */
  cut(): void {
    for (const connection of this.#open) close(connection);
    this.#open.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#accepting;
  }

  async #accept(target: () => number): Promise<void> {
    const pairs: Promise<unknown>[] = [];
    try {
      for await (const near of this.#listener) {
        const far = await Deno.connect({ hostname: "127.0.0.1", port: target() });
        this.#open.add(near).add(far);
        pairs.push(this.#join(near, far), this.#join(far, near));
      }
    } catch {
      // The listener was closed.
    }
    await Promise.all(pairs);
  }

  async #join(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    await from.readable.pipeTo(to.writable).catch(() => {});
    close(from);
    close(to);
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
