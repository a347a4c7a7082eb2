/** 96 bits of a text in three words; overwritten by the next call of its {@link KeyHasher}. */
export interface KeyHash {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/**
 * Hashes the pairs (property, value) under which nodes are looked up. Texts are not kept, so equal
 * hashes count as equal texts: 96 bits make a chance meeting of two among a billion texts less
 * likely than one in 10¹¹, and the secret seed keeps those who name resources from arranging one.
 */
export class KeyHasher {
  readonly #seed: Uint32Array;
  readonly #hash = { a: 0, b: 0, c: 0 };

  /** @param seed six random words */
  constructor(seed: Uint32Array = crypto.getRandomValues(new Uint32Array(6))) {
    this.#seed = seed;
  }

  /** Hash of a property's value. The object is reused: copy what is to be kept. */
  hash(property: string, value: string): KeyHash {
    const hash = this.#hash;
    hash.a = this.#word(0) ^ property.length;
    hash.b = this.#word(1);
    hash.c = this.#word(2);
    this.#mix(property);
    this.#mix(value);
    hash.a = finished(hash.a ^ value.length);
    hash.b = finished(hash.b);
    hash.c = finished(hash.c);
    return hash;
  }

  /** Three lanes with different multipliers and shifts, none linear in its input. */
  #mix(text: string): void {
    const factorA = this.#word(3) | 1;
    const factorB = this.#word(4) | 1;
    const factorC = this.#word(5) | 1;
    let { a, b, c } = this.#hash;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, factorA);
      b = Math.imul(b + code ^ 0x9e3779b9, factorB);
      c = Math.imul(c ^ code << 7, factorC);
      a ^= a >>> 15;
      b ^= b >>> 13;
      c ^= c >>> 16;
    }
    this.#hash.a = a;
    this.#hash.b = b;
    this.#hash.c = c;
  }

  #word(index: number): number {
    return this.#seed[index] ?? 0;
  }
}

function finished(word: number): number {
  let mixed = Math.imul(word ^ word >>> 16, 0x85ebca6b);
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35);
  return (mixed ^ mixed >>> 16) >>> 0;
}
