/** A list of numbers below 2³² that grows, four bytes each. */
export class Numbers {
  #values = new Uint32Array(1_024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Uint32Array(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** 0 where there is none. */
  at(index: number): number {
    return index < this.#length ? this.#values[index] ?? 0 : 0;
  }
}
