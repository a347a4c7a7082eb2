import { Words } from "./grow.ts";
import type { KeyHash } from "./key_hash.ts";
import type { NodeTable } from "./node_table.ts";
import type { Place } from "./places.ts";
import { type Range, type ScopeRanges, scopeRanges } from "./scope_ranges.ts";

/** Values of properties other than `id` under which nodes are found. */
export class TargetValues {
  readonly nodes = new Words();
  readonly a = new Words();
  readonly b = new Words();
  readonly c = new Words();

  push(node: number, key: KeyHash): void {
    this.nodes.push(node);
    this.a.push(key.a);
    this.b.push(key.b);
    this.c.push(key.c);
  }
}

/** No node has the value. */
export const UNRESOLVED = -1;
/** Several nodes at the nearest level have it. */
export const AMBIGUOUS = -2;

/**
 * Finds the nodes with a given (kind, property, value), near ones first. All nodes with equal
 * values stand side by side, ordered by where they lie, so that a level is a range among them.
 */
export class TargetIndex {
  readonly #nodes: NodeTable;
  readonly #values: TargetValues;
  readonly #ranges: ScopeRanges;
  /** Group number + 1 by hash. */
  readonly #slots: Uint32Array;
  /** First entry of each group, to compare with. */
  readonly #heads = new Words();
  /** Where each group begins among the members, and the end of the last. */
  readonly #starts: Uint32Array;
  readonly #members: Uint32Array;

  /** @param alive which nodes are part of the graph, 1 or 0 by row */
  constructor(
    nodes: NodeTable,
    values: TargetValues,
    places: readonly Place[],
    alive: Uint8Array,
  ) {
    this.#nodes = nodes;
    this.#values = values;
    this.#ranges = scopeRanges(places);
    const entries = nodes.length + values.nodes.length;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(entries * 1.5 + 2)));
    const groups = this.#group(entries, alive);
    this.#starts = starts(groups, this.#heads.length);
    this.#members = this.#fill(groups);
    this.#sort();
  }

  /**
   * The one node of these kinds that has the value, at the nearest level where any has it: region,
   * account, cloud, everywhere. At each level nodes of this run hide those of earlier runs.
   */
  find(key: KeyHash, kinds: readonly number[], place: number): number {
    const groups = kinds.map((kind) => this.#find(key, kind)).filter((group) => group >= 0);
    if (groups.length === 0) return UNRESOLVED;
    for (const range of this.#ranges.nearestFirst(place)) {
      const found = this.#within(groups, range);
      if (found !== UNRESOLVED) return found;
    }
    return UNRESOLVED;
  }

  #within(groups: readonly number[], range: Range): number {
    const sent = this.#unique(groups, range.from, range.to);
    if (sent !== UNRESOLVED) return sent;
    const { count } = this.#ranges;
    return this.#unique(groups, range.from + count, range.to + count);
  }

  /** The only member of the groups whose order lies in the range. */
  #unique(groups: readonly number[], from: number, to: number): number {
    let found = UNRESOLVED;
    for (const group of groups) {
      const first = this.#lowerBound(group, from);
      const hits = this.#lowerBound(group, to) - first;
      if (hits > 1 || hits === 1 && found !== UNRESOLVED) return AMBIGUOUS;
      if (hits === 1) found = this.#members[first] ?? UNRESOLVED;
    }
    return found;
  }

  /** First member of a group whose order is not below the given one. */
  #lowerBound(group: number, order: number): number {
    let low = this.#starts[group] ?? 0;
    let high = this.#starts[group + 1] ?? 0;
    while (low < high) {
      const middle = low + high >>> 1;
      if (this.#order(this.#members[middle] ?? 0) < order) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rank of the node's scope; nodes of earlier runs stand behind all of this run. */
  #order(seq: number): number {
    const rank = this.#ranges.rank(this.#nodes.places.at(seq));
    return this.#nodes.isKept(seq) ? rank + this.#ranges.count : rank;
  }

  #node(entry: number): number {
    return entry < this.#nodes.length ? entry : this.#values.nodes.at(entry - this.#nodes.length);
  }

  /** Number of the group of each entry + 1; 0 for entries of nodes that are not alive. */
  #group(entries: number, alive: Uint8Array): Uint32Array {
    const groups = new Uint32Array(entries);
    const key = { a: 0, b: 0, c: 0 };
    for (let entry = 0; entry < entries; entry++) {
      const seq = this.#node(entry);
      if (alive[seq] !== 1) continue;
      this.#read(entry, key);
      const slot = this.#slot(key, this.#nodes.kind(seq));
      if (this.#slots[slot] === 0) {
        this.#heads.push(entry);
        this.#slots[slot] = this.#heads.length;
      }
      groups[entry] = this.#slots[slot] ?? 0;
    }
    return groups;
  }

  #fill(groups: Uint32Array): Uint32Array {
    const next = this.#starts.slice();
    const members = new Uint32Array(this.#starts.at(-1) ?? 0);
    for (let entry = 0; entry < groups.length; entry++) {
      const group = (groups[entry] ?? 0) - 1;
      if (group < 0) continue;
      const at = next[group] ?? 0;
      members[at] = this.#node(entry);
      next[group] = at + 1;
    }
    return members;
  }

  #sort(): void {
    for (let group = 0; group < this.#heads.length; group++) {
      const from = this.#starts[group] ?? 0;
      const to = this.#starts[group + 1] ?? 0;
      if (to - from < 2) continue;
      this.#members.subarray(from, to).sort((left, right) =>
        this.#order(left) - this.#order(right)
      );
    }
  }

  #find(key: KeyHash, kind: number): number {
    return (this.#slots[this.#slot(key, kind)] ?? 0) - 1;
  }

  /** The slot that holds the group of this key and kind, or the free one where it belongs. */
  #slot(key: KeyHash, kind: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = (key.a ^ Math.imul(kind, 0x9e3779b1)) & mask;; slot = slot + 1 & mask) {
      const group = this.#slots[slot] ?? 0;
      if (group === 0 || this.#matches(this.#heads.at(group - 1), key, kind)) return slot;
    }
  }

  #matches(entry: number, key: KeyHash, kind: number): boolean {
    const { a, b, c, at } = this.#columns(entry);
    return a.at(at) === key.a && b.at(at) === key.b && c.at(at) === key.c &&
      this.#nodes.kind(this.#node(entry)) === kind;
  }

  #read(entry: number, key: { a: number; b: number; c: number }): void {
    const { a, b, c, at } = this.#columns(entry);
    key.a = a.at(at);
    key.b = b.at(at);
    key.c = c.at(at);
  }

  #columns(entry: number) {
    const { keyA, keyB, keyC, length } = this.#nodes;
    if (entry < length) return { a: keyA, b: keyB, c: keyC, at: entry };
    const { a, b, c } = this.#values;
    return { a, b, c, at: entry - length };
  }
}

/** Running totals of the sizes of the groups, one more than there are groups. */
function starts(groups: Uint32Array, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  for (const group of groups) if (group > 0) starts[group] = (starts[group] ?? 0) + 1;
  for (let group = 1; group <= count; group++) {
    starts[group] = (starts[group] ?? 0) + (starts[group - 1] ?? 0);
  }
  return starts;
}
