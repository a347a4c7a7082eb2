const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * Pairs of texts that were given more than once, in 53 bits for each pair. Two different pairs may
 * count as one, about once in a hundred million.
 */
export class Repeats {
  readonly #seen = new Set<number>();
  readonly #repeated = new Set<number>();

  add(a: string, b: string): void {
    const key = keyOf(a, b);
    if (this.#seen.has(key)) this.#repeated.add(key);
    else this.#seen.add(key);
  }

  has(a: string, b: string): boolean {
    return this.#repeated.has(keyOf(a, b));
  }
}

function keyOf(a: string, b: string): number {
  const high = hash(hash(OFFSET, a) ^ 0x1f, b);
  const low = hash(hash(OFFSET ^ 0x5bd1e995, b) ^ 0x1f, a);
  return (high & 0x1fffff) * 2 ** 32 + low;
}

function hash(start: number, text: string): number {
  let value = start;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), PRIME);
  value = Math.imul(value ^ value >>> 15, 0x85ebca6b);
  return (value ^ value >>> 13) >>> 0;
}
