import { MAX_LINE_BYTES } from "ckworker";

const LINE_FEED = 0x0a;

/** A line of a file without its line feed; `undefined` stands for one that is too long. */
export type RawLine = Uint8Array | undefined;

/** Splits bytes into lines and holds no more than one of them; empty ones are passed over. */
export class LineReader {
  #parts: Uint8Array[] = [];
  #length = 0;

  /** Lines that end in this chunk. A line within one chunk is a view into it. */
  *take(chunk: Uint8Array): Generator<RawLine> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      this.#add(chunk.subarray(start, end));
      start = end + 1;
      yield* this.#complete();
    }
    // The chunk is not ours to keep.
    this.#add(chunk.slice(start));
  }

  /** The last line, which need not end with a line feed. */
  *end(): Generator<RawLine> {
    yield* this.#complete();
  }

  #add(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > MAX_LINE_BYTES) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  *#complete(): Generator<RawLine> {
    const length = this.#length;
    const parts = this.#parts;
    this.#parts = [];
    this.#length = 0;
    if (length > MAX_LINE_BYTES) yield undefined;
    else if (parts.length > 1) yield joined(parts, length);
    else if (parts[0] !== undefined) yield parts[0];
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
