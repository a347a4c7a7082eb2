/** One bit for each row number. */
export class Bits {
  readonly #bytes: Uint8Array;

  /** @param largest the largest number that is asked for */
  constructor(largest: number) {
    this.#bytes = new Uint8Array((largest >>> 3) + 1);
  }

  set(number: number): void {
    this.#bytes[number >>> 3] = (this.#bytes[number >>> 3] ?? 0) | 1 << (number & 7);
  }

  has(number: number): boolean {
    return ((this.#bytes[number >>> 3] ?? 0) & 1 << (number & 7)) !== 0;
  }
}
