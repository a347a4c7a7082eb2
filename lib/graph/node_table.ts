import type { KeyHash } from "./key_hash.ts";
import { grown, Words } from "./grow.ts";

const DIGEST_BYTES = 16;
const ORPHAN = 1;
const KEPT = 2;
const FLAG_BITS = 2;

/** One row of the table, as it is added. */
export interface NodeRow {
  readonly digest: Uint8Array;
  /** Hash of the id. */
  readonly key: KeyHash;
  readonly kind: number;
  readonly place: number;
  readonly bodyHash: number;
  readonly orphan: boolean;
  readonly kept: boolean;
}

/** Columns of all nodes, 40 bytes a row: what the assembler knows of a node beside its edges. */
export class NodeTable {
  #digests = new Uint8Array(1024 * DIGEST_BYTES);
  readonly keyA = new Words();
  readonly keyB = new Words();
  readonly keyC = new Words();
  readonly places = new Words();
  readonly #bodies = new Words();
  readonly #kinds = new Words();

  get length(): number {
    return this.places.length;
  }

  /** Adds a row and returns its number. */
  push(row: NodeRow): number {
    const seq = this.length;
    const end = (seq + 1) * DIGEST_BYTES;
    this.#digests = grown(this.#digests, end, (length) => new Uint8Array(length));
    this.#digests.set(row.digest, end - DIGEST_BYTES);
    this.keyA.push(row.key.a);
    this.keyB.push(row.key.b);
    this.keyC.push(row.key.c);
    this.places.push(row.place);
    this.#bodies.push(row.bodyHash);
    const flags = (row.orphan ? ORPHAN : 0) | (row.kept ? KEPT : 0);
    this.#kinds.push(row.kind << FLAG_BITS | flags);
    return seq;
  }

  get digests(): Uint8Array {
    return this.#digests;
  }

  kind(seq: number): number {
    return this.#kinds.at(seq) >>> FLAG_BITS;
  }

  bodyHash(seq: number): number {
    return this.#bodies.at(seq);
  }

  isOrphan(seq: number): boolean {
    return (this.#kinds.at(seq) & ORPHAN) !== 0;
  }

  isKept(seq: number): boolean {
    return (this.#kinds.at(seq) & KEPT) !== 0;
  }

  /** Order of node ids: the same whatever the order of arrival. */
  compare(left: number, right: number): number {
    for (let at = 0; at < DIGEST_BYTES; at++) {
      const difference = (this.#digests[left * DIGEST_BYTES + at] ?? 0) -
        (this.#digests[right * DIGEST_BYTES + at] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
