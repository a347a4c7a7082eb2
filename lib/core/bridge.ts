import type { Socket } from "node:net";
import { CkError, ConfigError } from "../errors/mod.ts";

/** Opens the far side of one connection. */
export type Dial = (signal: AbortSignal) => Promise<Socket>;

/**
 * An address that no machine has (the discard prefix of IPv6) and that no list of hosts without a
 * proxy names: were the bridge ever passed by, the request would reach nobody.
 */
const NOWHERE = "[100::1]";

/** The far side of a bridge is not reached; the message ends in the system's code. */
export class DialFault extends Error {}

/**
 * Lets `fetch` and `WebSocket` use connections that are opened by somebody else. They speak plain
 * HTTP to a Unix socket that only this user can reach, and the bridge passes the bytes on.
 */
export class Bridge implements AsyncDisposable {
  readonly client: Deno.HttpClient;
  readonly #dial: Dial;
  readonly #folder: string;
  readonly #listener: Deno.Listener;
  readonly #end = new AbortController();
  readonly #passing = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  #fault: Error | undefined;

  /**
   * @param parent where its socket is made; the system's folder for temporary files when undefined
   * @throws ConfigError when there is no place for its socket
   */
  constructor(dial: Dial, parent: string | undefined) {
    this.#dial = dial;
    this.#folder = temporaryFolder(parent);
    const path = `${this.#folder}/core`;
    this.#listener = Deno.listen({ transport: "unix", path });
    this.client = Deno.createHttpClient({ allowHost: true, proxy: { transport: "unix", path } });
    this.#accepting = this.#accept();
  }

  /** Why the last connection was not opened, or broke; undefined when it did neither. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** The same request as the bridge's client has to make it. */
  address(url: URL): { readonly url: URL; readonly host: string } {
    const scheme = url.protocol.startsWith("ws") ? "ws" : "http";
    return { url: new URL(`${scheme}://${NOWHERE}${url.pathname}${url.search}`), host: url.host };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    this.client.close();
    this.#listener.close();
    await this.#accepting;
    await Promise.all(this.#passing);
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #accept(): Promise<void> {
    try {
      for await (const near of this.#listener) {
        const passed = this.#pass(near).finally(() => this.#passing.delete(passed));
        this.#passing.add(passed);
      }
    } catch (error) {
      if (!this.#end.signal.aborted) throw error;
    }
  }

  async #pass(near: Deno.Conn): Promise<void> {
    const close = closing(near);
    try {
      const far = await this.#dial(this.#end.signal);
      this.#fault = undefined;
      far.on("error", (error) => this.#fault = asFault(error));
      await join(near, far, close, this.#end.signal);
    } catch (error) {
      this.#fault = asFault(error);
    } finally {
      close();
    }
  }
}

/** Passes bytes both ways until one side ends, then ends both. */
async function join(
  near: Deno.Conn,
  far: Socket,
  closeNear: () => void,
  signal: AbortSignal,
): Promise<void> {
  const end = () => {
    far.destroy();
    closeNear();
  };
  // A side that breaks ends the connection; whoever uses it is told by its own side.
  far.on("error", end);
  signal.addEventListener("abort", end);
  const up = sendUp(near, far).catch(() => {}).finally(end);
  const down = sendDown(far, near).catch(() => {}).finally(end);
  await Promise.all([up, down]);
  signal.removeEventListener("abort", end);
}

async function sendUp(near: Deno.Conn, far: Socket): Promise<void> {
  const chunk = new Uint8Array(65_536);
  for (let count = await near.read(chunk); count !== null; count = await near.read(chunk)) {
    await written(far, chunk.slice(0, count));
  }
}

function written(far: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    far.write(bytes, (error) => error ? reject(error) : resolve());
  });
}

async function sendDown(far: Socket, near: Deno.Conn): Promise<void> {
  for await (const chunk of far) {
    for (let at = 0; at < chunk.length;) at += await near.write(chunk.subarray(at));
  }
}

function temporaryFolder(parent: string | undefined): string {
  try {
    return Deno.makeTempDirSync({
      prefix: "ckworker-",
      ...(parent === undefined ? {} : { dir: parent }),
    });
  } catch (cause) {
    throw new ConfigError(
      "this connection to the core needs a temporary folder, and there is none",
      {
        hint: "let TMPDIR name a folder that can be written",
        cause,
      },
    );
  }
}

function asFault(error: unknown): Error {
  if (error instanceof CkError) return error;
  const code = error instanceof Error && "code" in error ? ` ${error.code}` : "";
  const message = error instanceof Error ? error.message : String(error);
  return new DialFault(`${message}${code}`, { cause: error });
}

function closing(near: Deno.Conn): () => void {
  let open = true;
  return () => {
    if (open) near.close();
    open = false;
  };
}
