import type { WireAnswer, WireRequest } from "./aws_wire.ts";

/** How one request was dealt with: answered and open, or closed by the handler. */
export type Served = "keep" | "close";

/** Answers one request by writing to `connection` itself, so that it can also break the rules. */
export type RawHandler = (request: WireRequest, connection: Deno.Conn) => Promise<Served>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const REASONS: Readonly<Record<number, string>> = { 200: "OK", 404: "Not Found", 503: "Busy" };

/**
 * A small HTTP/1.1 server that leaves the socket to its handler: broken answers, cut connections
 * and endless waits need that. Bodies need a content-length; chunked requests are not read.
 */
export class RawHttpServer implements AsyncDisposable {
  readonly #listener: Deno.Listener;
  readonly #handler: RawHandler;
  readonly #open = new Set<Deno.Conn>();
  readonly #serving = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;

  constructor(listener: Deno.Listener, handler: RawHandler) {
    this.#listener = listener;
    this.#handler = handler;
    this.#accepting = this.#accept();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) connection.close();
    this.#open.clear();
    await this.#accepting;
    await Promise.all(this.#serving);
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) {
        this.#open.add(connection);
        const served = this.#serve(connection).finally(() => this.#serving.delete(served));
        this.#serving.add(served);
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    const reader = new RequestReader(connection);
    try {
      for (;;) {
        const request = await reader.next();
        if (request === undefined) break;
        if (await this.#handler(request, connection) === "close") break;
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      if (this.#open.delete(connection)) connection.close();
    }
  }
}

/** Writes all of `bytes`. */
export async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Head and body of an answer; `length` declares another content-length than the body has. */
export function encodeAnswer(answer: WireAnswer, length = answer.body.length): Uint8Array {
  const lines = [`HTTP/1.1 ${answer.status} ${REASONS[answer.status] ?? "Answer"}`];
  for (const [name, value] of Object.entries(answer.headers)) lines.push(`${name}: ${value}`);
  lines.push(`content-length: ${length}`, "", "");
  const head = encoder.encode(lines.join("\r\n"));
  const bytes = new Uint8Array(head.length + answer.body.length);
  bytes.set(head);
  bytes.set(answer.body, head.length);
  return bytes;
}

/** The connection was closed by one of the two sides. */
export function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.UnexpectedEof ||
    error instanceof Deno.errors.InvalidData;
}

/** Reads requests one after the other from a connection. */
export class RequestReader {
  readonly #connection: Deno.Conn;
  #held = new Uint8Array(0);

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** What was read beyond the last request. */
  get rest(): Uint8Array {
    return this.#held;
  }

  /** The next request; undefined when the client is done. */
  async next(): Promise<WireRequest | undefined> {
    let end = endOfHead(this.#held);
    while (end < 0) {
      if (!await this.#more()) return undefined;
      end = endOfHead(this.#held);
    }
    const [first = "", ...lines] = decoder.decode(this.#held.subarray(0, end)).split("\r\n");
    const [method = "", target = ""] = first.split(" ");
    const headers = new Headers(lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }));
    this.#held = this.#held.slice(end + 4);
    return { method, target, headers, body: await this.#body(headers) };
  }

  async #body(headers: Headers): Promise<Uint8Array> {
    const length = Number(headers.get("content-length") ?? 0);
    while (this.#held.length < length) {
      if (!await this.#more()) throw new Deno.errors.UnexpectedEof("request cut short");
    }
    const body = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return body;
  }

  async #more(): Promise<boolean> {
    const chunk = new Uint8Array(65536);
    const count = await this.#connection.read(chunk);
    if (count === null) return false;
    const joined = new Uint8Array(this.#held.length + count);
    joined.set(this.#held);
    joined.set(chunk.subarray(0, count), this.#held.length);
    this.#held = joined;
    return true;
  }
}

function endOfHead(bytes: Uint8Array): number {
  for (let at = 0; at + 3 < bytes.length; at++) {
    if (bytes[at] === 13 && bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) {
      return at;
    }
  }
  return -1;
}
