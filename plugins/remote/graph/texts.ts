import { Numbers } from "./numbers.ts";

/** Bytes that are taken at once; no text is longer. */
const CHUNK = 1024 * 1024;

/** A list of texts that grows, as bytes: one each for plain ones and five beside. */
export class Texts {
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  readonly #chunks: Uint8Array[] = [];
  /** Where each begins and ends, over all chunks. */
  readonly #begins = new Numbers();
  readonly #ends = new Numbers();
  #free = 0;

  get length(): number {
    return this.#begins.length;
  }

  push(text: string): void {
    // A unit of UTF-16 takes three bytes at most.
    if (this.#free < text.length * 3) {
      this.#chunks.push(new Uint8Array(CHUNK));
      this.#free = CHUNK;
    }
    const at = CHUNK - this.#free;
    const room = this.#chunks.at(-1)?.subarray(at) ?? new Uint8Array();
    const { written } = this.#encoder.encodeInto(text, room);
    const begin = (this.#chunks.length - 1) * CHUNK + at;
    this.#begins.push(begin);
    this.#ends.push(begin + written);
    this.#free -= written;
  }

  /** Empty where there is none. */
  at(index: number): string {
    const begin = this.#begins.at(index);
    const chunk = Math.floor(begin / CHUNK);
    const end = this.#ends.at(index) - chunk * CHUNK;
    return this.#decoder.decode(this.#chunks[chunk]?.subarray(begin - chunk * CHUNK, end));
  }
}
