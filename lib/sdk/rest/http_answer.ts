/** Longest head of an answer, bytes. */
const HEAD_MAX = 65_536;
const NEWLINE = 10;

/** An answer that is no HTTP, or ended too early. */
export class BadAnswer extends Error {
  override readonly name = "BadAnswer";
}

/**
 * Reads one answer (HTTP/1.1) from a connection that is used for nothing else. The body is read as
 * it is asked for, and fails where it ends before its announced length.
 * @param chunks what the connection gives
 * @throws BadAnswer
 */
export async function readAnswer(chunks: AsyncIterable<Uint8Array>): Promise<Response> {
  const source = new Source(chunks);
  for (;;) {
    const { status, headers } = await readHead(source);
    if (status < 200) continue;
    if (status === 204 || status === 304) return new Response(null, { status, headers });
    return new Response(ReadableStream.from(body(source, headers)), { status, headers });
  }
}

async function readHead(
  source: Source,
): Promise<{ readonly status: number; readonly headers: Headers }> {
  const start = /^HTTP\/1\.[01] ([1-5]\d\d)\b/.exec(await source.line());
  if (start === null) throw new BadAnswer("what answered speaks no HTTP");
  const headers = new Headers();
  for (let line = await source.line(); line !== ""; line = await source.line()) {
    const colon = line.indexOf(":");
    if (colon < 1) throw new BadAnswer("the answer has a bad header");
    try {
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    } catch {
      throw new BadAnswer("the answer has a bad header");
    }
  }
  return { status: Number(start[1]), headers };
}

async function* body(source: Source, headers: Headers): AsyncGenerator<Uint8Array> {
  if (/\bchunked\s*$/i.test(headers.get("transfer-encoding") ?? "")) {
    for (;;) {
      const size = Number.parseInt(await source.line(), 16);
      if (!Number.isSafeInteger(size) || size < 0) {
        throw new BadAnswer("the answer has a bad chunk");
      }
      if (size === 0) return;
      yield* source.take(size);
      if (await source.line() !== "") throw new BadAnswer("the answer has a bad chunk");
    }
  }
  const length = headers.get("content-length");
  if (length === null) return yield* source.rest();
  if (!/^\d{1,15}$/.test(length)) throw new BadAnswer("the answer has a bad length");
  yield* source.take(Number(length));
}

/** Bytes of a connection, in the pieces that are asked for. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #left: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** A line of a head, without its end. */
  async line(): Promise<string> {
    for (let searched = 0;;) {
      const end = this.#left.indexOf(NEWLINE, searched);
      if (end >= 0) {
        const text = new TextDecoder().decode(this.#left.subarray(0, end)).replace(/\r$/, "");
        this.#left = this.#left.subarray(end + 1);
        return text;
      }
      searched = this.#left.length;
      if (searched > HEAD_MAX) throw new BadAnswer("the head of the answer is too long");
      if (!await this.#more()) throw new BadAnswer("the connection ended before the answer");
    }
  }

  async *take(count: number): AsyncGenerator<Uint8Array> {
    for (let missing = count; missing > 0;) {
      if (this.#left.length === 0 && !await this.#more()) {
        throw new BadAnswer("the connection ended in the middle of the answer");
      }
      const part = this.#left.subarray(0, missing);
      this.#left = this.#left.subarray(part.length);
      missing -= part.length;
      yield part;
    }
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    do {
      const part = this.#left;
      this.#left = new Uint8Array();
      if (part.length > 0) yield part;
    } while (await this.#more());
  }

  /** Whether there was more. */
  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done === true) return false;
    const joined = new Uint8Array(this.#left.length + value.length);
    joined.set(this.#left);
    joined.set(value, this.#left.length);
    this.#left = joined;
    return true;
  }
}
