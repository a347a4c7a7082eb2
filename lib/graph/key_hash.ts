/** 96 bits of a text in three words; overwritten by the next call of its {@link KeyHasher}. */
export interface KeyHash {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const LANES = 3;

/**
 * Hashes the pairs (property, value) under which nodes are looked up. Texts are not kept, so equal
 * hashes count as equal texts: 96 bits make a chance meeting of two among a billion texts less
 * likely than one in 10¹¹, and the secret seed keeps those who name resources from arranging one.
 */
export class KeyHasher {
  readonly #seed: Int32Array;
  /** Lanes after a property, by its name: the same few come again and again. */
  readonly #begun = new Map<string, Int32Array>();
  readonly #lanes = new Int32Array(LANES);
  readonly #hash = { a: 0, b: 0, c: 0 };

  /** @param seed six random words */
  constructor(seed: Uint32Array = crypto.getRandomValues(new Uint32Array(2 * LANES))) {
    this.#seed = Int32Array.from(seed);
  }

  /** Hash of a property's value. The object is reused: copy what is to be kept. */
  hash(property: string, value: string): KeyHash {
    const lanes = this.#lanes;
    lanes.set(this.#begun.get(property) ?? this.#begin(property));
    mix(lanes, value, this.#seed);
    const hash = this.#hash;
    hash.a = finished(lane(lanes, 0) ^ value.length);
    hash.b = finished(lane(lanes, 1));
    hash.c = finished(lane(lanes, 2));
    return hash;
  }

  #begin(property: string): Int32Array {
    const lanes = this.#seed.slice(0, LANES);
    lanes[0] = lane(lanes, 0) ^ property.length;
    mix(lanes, property, this.#seed);
    this.#begun.set(property, lanes);
    return lanes;
  }
}

/** Three lanes with different multipliers and shifts, none linear in its input. */
function mix(lanes: Int32Array, text: string, seed: Int32Array): void {
  const factorA = lane(seed, LANES) | 1;
  const factorB = lane(seed, LANES + 1) | 1;
  const factorC = lane(seed, LANES + 2) | 1;
  let a = lane(lanes, 0);
  let b = lane(lanes, 1);
  let c = lane(lanes, 2);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, factorA);
    b = Math.imul(b + code ^ 0x9e3779b9, factorB);
    c = Math.imul(c ^ code << 7, factorC);
    a ^= a >>> 15;
    b ^= b >>> 13;
    c ^= c >>> 16;
  }
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
}

function lane(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function finished(word: number): number {
  let mixed = Math.imul(word ^ word >>> 16, 0x85ebca6b);
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35);
  return (mixed ^ mixed >>> 16) >>> 0;
}
