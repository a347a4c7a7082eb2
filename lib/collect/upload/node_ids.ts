import { encodeNodeId } from "../../graph/mod.ts";

const BYTES = 16;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FIRST_SIZE = 1024;

/** Node ids by row number: 20 bytes each. All are added before any is asked for. */
export class NodeIds {
  #keys = new Uint32Array(FIRST_SIZE);
  #digests = new Uint8Array(FIRST_SIZE * BYTES);
  #length = 0;
  #order: Uint32Array | undefined;

  /** Remembers the id (22 characters) of a row. */
  add(key: number, nodeId: string): void {
    if (this.#length === this.#keys.length) this.#grow();
    this.#keys[this.#length] = key;
    decode(nodeId, this.#digests, this.#length * BYTES);
    this.#length++;
    this.#order = undefined;
  }

  get(key: number): string | undefined {
    const order = this.#order ??= this.#sorted();
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = low + high >>> 1;
      if ((this.#keys[order[middle] ?? 0] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    const at = order[low];
    return at === undefined || this.#keys[at] !== key
      ? undefined
      : encodeNodeId(this.#digests, at * BYTES);
  }

  #sorted(): Uint32Array {
    const keys = this.#keys;
    const order = Uint32Array.from({ length: this.#length }, (_, index) => index);
    return order.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
  }

  #grow(): void {
    const keys = new Uint32Array(this.#keys.length * 2);
    keys.set(this.#keys);
    const digests = new Uint8Array(keys.length * BYTES);
    digests.set(this.#digests);
    this.#keys = keys;
    this.#digests = digests;
  }
}

/** Writes the 16 bytes of unpadded, URL-safe base64. */
function decode(text: string, bytes: Uint8Array, offset: number): void {
  let bits = 0;
  let count = 0;
  let at = offset;
  for (const letter of text) {
    bits = bits << 6 | LETTERS.indexOf(letter);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    if (at < offset + BYTES) bytes[at++] = bits >>> count & 0xff;
  }
}
