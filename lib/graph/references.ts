import type { NodeExtras } from "../model/mod.ts";
import { Names, Words } from "./grow.ts";
import type { KeyHash, KeyHasher } from "./key_hash.ts";

const INCOMING = 1;
const DELETE = 2;
const FLAG_BITS = 2;

/** All references of all nodes in columns, 20 bytes each; those of one node in declared order. */
export class References {
  readonly #targets = new Names();
  /** Numbers of targets by kind and property: joining the two texts for each reference is slow. */
  readonly #numbers = new Map<string, Map<string, number>>();
  readonly #nodes = new Words();
  readonly #targetsOf = new Words();
  readonly #a = new Words();
  readonly #b = new Words();
  readonly #c = new Words();

  get length(): number {
    return this.#nodes.length;
  }

  /** Adds what a node declares: `[direction, kind, by, value, type?]` each. */
  push(node: number, declared: NonNullable<NodeExtras["e"]>, hasher: KeyHasher): void {
    for (const [direction = "", kind = "", by = "", value = "", type] of declared) {
      const key = hasher.hash(by, value);
      const flags = (direction === "from" ? INCOMING : 0) | (type === "delete" ? DELETE : 0);
      this.#nodes.push(node);
      this.#targetsOf.push(this.#targetNumber(kind, by) << FLAG_BITS | flags);
      this.#a.push(key.a);
      this.#b.push(key.b);
      this.#c.push(key.c);
    }
  }

  /** The node that declares it. */
  node(reference: number): number {
    return this.#nodes.at(reference);
  }

  /** Whether the other node is the parent. */
  isIncoming(reference: number): boolean {
    return (this.#targetsOf.at(reference) & INCOMING) !== 0;
  }

  isDelete(reference: number): boolean {
    return (this.#targetsOf.at(reference) & DELETE) !== 0;
  }

  /** Number of `kind.property` among {@link targets}. */
  target(reference: number): number {
    return this.#targetsOf.at(reference) >>> FLAG_BITS;
  }

  /** All `kind.property` that are referred to. */
  targets(): readonly string[] {
    return Array.from({ length: this.#targets.length }, (_, number) => this.#targets.name(number));
  }

  key(reference: number): KeyHash {
    return { a: this.#a.at(reference), b: this.#b.at(reference), c: this.#c.at(reference) };
  }

  #targetNumber(kind: string, by: string): number {
    let ofKind = this.#numbers.get(kind);
    if (ofKind === undefined) {
      ofKind = new Map();
      this.#numbers.set(kind, ofKind);
    }
    let number = ofKind.get(by);
    if (number === undefined) {
      number = this.#targets.number(`${kind}.${by}`);
      ofKind.set(by, number);
    }
    return number;
  }
}
