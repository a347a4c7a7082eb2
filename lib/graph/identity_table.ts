import type { KeyHash } from "./key_hash.ts";
import type { NodeTable } from "./node_table.ts";
import type { Places } from "./places.ts";

const FULLEST = 0.6;

/** Finds the node with a given identity: open addressing over the rows of a {@link NodeTable}. */
export class IdentityTable {
  readonly #nodes: NodeTable;
  readonly #places: Places;
  /** Row number + 1; 0 is free. */
  #slots = new Uint32Array(2048);
  #count = 0;

  constructor(nodes: NodeTable, places: Places) {
    this.#nodes = nodes;
    this.#places = places;
  }

  /** Row with this identity, or undefined. */
  find(key: KeyHash, kind: number, place: number): number | undefined {
    const slot = this.#slot(key.a, key.b, key.c, kind, this.#places.identity(place));
    const row = this.#slots[slot] ?? 0;
    return row === 0 ? undefined : row - 1;
  }

  /** Makes a row the one that is found under its identity. */
  put(seq: number): void {
    if (this.#count >= this.#slots.length * FULLEST) this.#grow();
    const slot = this.#slotOf(seq);
    if (this.#slots[slot] === 0) this.#count++;
    this.#slots[slot] = seq + 1;
  }

  #slotOf(seq: number): number {
    const { keyA, keyB, keyC, places } = this.#nodes;
    const identity = this.#places.identity(places.at(seq));
    return this.#slot(keyA.at(seq), keyB.at(seq), keyC.at(seq), this.#nodes.kind(seq), identity);
  }

  /** The slot that holds this identity, or the free one where it belongs. */
  #slot(a: number, b: number, c: number, kind: number, identity: number): number {
    const mask = this.#slots.length - 1;
    const start = a ^ Math.imul(kind, 0x9e3779b1) ^ Math.imul(identity, 0x85ebca77);
    for (let slot = start & mask;; slot = slot + 1 & mask) {
      const row = this.#slots[slot] ?? 0;
      if (row === 0 || this.#matches(row - 1, a, b, c, kind, identity)) return slot;
    }
  }

  #matches(
    seq: number,
    a: number,
    b: number,
    c: number,
    kind: number,
    identity: number,
  ): boolean {
    const { keyA, keyB, keyC, places } = this.#nodes;
    return keyA.at(seq) === a && keyB.at(seq) === b && keyC.at(seq) === c &&
      this.#nodes.kind(seq) === kind && this.#places.identity(places.at(seq)) === identity;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Uint32Array(slots.length * 2);
    for (const row of slots) if (row !== 0) this.#slots[this.#slotOf(row - 1)] = row;
  }
}
