import { GraphError } from "../errors/mod.ts";
import { MAX_LINE_BYTES } from "../model/mod.ts";

const LINE_FEED = 0x0a;

/**
 * Finds the lines of a byte stream, without their line feeds; empty ones are passed over. What
 * stands behind the last line feed waits for the next chunk, and is dropped when there is none:
 * whoever sent it died, and its scope was never closed.
 */
export class LineSplitter {
  readonly #limit: number;
  #begun: Uint8Array[] = [];
  #begunLength = 0;

  constructor(limit = MAX_LINE_BYTES) {
    this.#limit = limit;
  }

  /**
   * Lines that end in this chunk, which is to be the one after that of the last call. A line within
   * one chunk is a view into it.
   * @throws GraphError when a line is longer than the limit
   */
  *lines(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const line = this.#complete(chunk.subarray(start, end));
      start = end + 1;
      if (line.length > 0) yield line;
    }
    if (start < chunk.length) this.#begin(chunk.slice(start));
  }

  #complete(rest: Uint8Array): Uint8Array {
    this.#check(this.#begunLength + rest.length);
    if (this.#begun.length === 0) return rest;
    const line = joined([...this.#begun, rest]);
    this.#begun = [];
    this.#begunLength = 0;
    return line;
  }

  #begin(part: Uint8Array): void {
    this.#begun.push(part);
    this.#begunLength += part.length;
    this.#check(this.#begunLength);
  }

  #check(length: number): void {
    if (length <= this.#limit) return;
    throw new GraphError("too_large", `a line is longer than ${this.#limit} bytes`, {
      hint: "Leave large values out of the properties of a node.",
    });
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
