import { Numbers } from "./numbers.ts";

const OFFSET = 0x811c9dc5;
const OTHER_OFFSET = 0x9747b28c;
const PRIME = 0x01000193;
const SMALLEST = 1_024;

/**
 * Numbers texts in the order in which they come, and holds 64 bits of each in about 20 bytes. Two
 * different texts may count as one, among a million of them once in thirty million files.
 */
export class KeyTable {
  readonly #high = new Numbers();
  readonly #low = new Numbers();
  /** Number + 1 by hash; at most half of it is full. */
  #slots = new Uint32Array(SMALLEST);

  /** How many different texts there are. */
  get length(): number {
    return this.#high.length;
  }

  /** Number of a text; undefined when it is not there. */
  find(text: string): number | undefined {
    const found = this.#slots[this.#slot(hash(OFFSET, text), hash(OTHER_OFFSET, text))] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  /** Gives a text a number, or the one that it has. */
  add(text: string): number {
    const high = hash(OFFSET, text);
    const low = hash(OTHER_OFFSET, text);
    const slot = this.#slot(high, low);
    const found = this.#slots[slot] ?? 0;
    if (found !== 0) return found - 1;
    this.#high.push(high);
    this.#low.push(low);
    this.#slots[slot] = this.length;
    if (this.length * 2 > this.#slots.length) this.#grow();
    return this.length - 1;
  }

  /** What is held of a text, as text: the same in every run. */
  mark(number: number): string {
    const parts = [this.#high.at(number), this.#low.at(number)];
    return parts.map((part) => part.toString(16).padStart(8, "0")).join("");
  }

  /** Where a key stands, or would stand. */
  #slot(high: number, low: number): number {
    const last = this.#slots.length - 1;
    for (let slot = (high ^ low) & last;; slot = (slot + 1) & last) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0) return slot;
      if (this.#high.at(number) === high && this.#low.at(number) === low) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.length; number++) {
      this.#slots[this.#slot(this.#high.at(number), this.#low.at(number))] = number + 1;
    }
  }
}

function hash(start: number, text: string): number {
  let value = start;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), PRIME);
    value ^= value >>> 15;
  }
  value = Math.imul(value ^ value >>> 16, 0x85ebca6b);
  value = Math.imul(value ^ value >>> 13, 0xc2b2ae35);
  return (value ^ value >>> 16) >>> 0;
}
