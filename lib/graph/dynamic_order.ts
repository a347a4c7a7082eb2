/** A path between two nodes that already exists. */
export type Path = readonly number[];

/**
 * A topological order that is kept up while edges are added (after Pearce and Kelly): an edge that
 * fits the order costs nothing, another one only reorders what lies between its ends.
 */
export class DynamicOrder {
  readonly #outgoing: number[][];
  readonly #incoming: number[][];
  /** Position by node. */
  readonly #position: Uint32Array;
  readonly #seen: Uint32Array;
  readonly #via: Int32Array;
  #search = 0;

  /** @param position order to start from, by node; the better it fits, the less is to be done */
  constructor(position: Uint32Array) {
    const nodes = position.length;
    this.#outgoing = Array.from({ length: nodes }, () => []);
    this.#incoming = Array.from({ length: nodes }, () => []);
    this.#position = position.slice();
    this.#seen = new Uint32Array(nodes);
    this.#via = new Int32Array(nodes);
  }

  /** Adds an edge; if it would close a cycle, adds nothing and returns the path back. */
  add(from: number, to: number): Path | undefined {
    if (from === to) return [from];
    if (this.#at(to) < this.#at(from)) {
      const after = this.#reachable(to, this.#outgoing, (node) => this.#at(node) <= this.#at(from));
      if (this.#seen[from] === this.#search) return this.#path(from);
      const before = this.#reachable(
        from,
        this.#incoming,
        (node) => this.#at(node) >= this.#at(to),
      );
      this.#reorder(before, after);
    }
    this.#outgoing[from]?.push(to);
    this.#incoming[to]?.push(from);
    return undefined;
  }

  #reachable(
    start: number,
    edges: readonly (readonly number[])[],
    within: (node: number) => boolean,
  ): number[] {
    this.#search++;
    const found = [start];
    this.#mark(start, -1);
    for (let next = 0; next < found.length; next++) {
      const node = found[next] ?? 0;
      for (const other of edges[node] ?? []) {
        if (this.#seen[other] === this.#search || !within(other)) continue;
        this.#mark(other, node);
        found.push(other);
      }
    }
    return found;
  }

  #mark(node: number, via: number): void {
    this.#seen[node] = this.#search;
    this.#via[node] = via;
  }

  /** From where the last search began to the given node. */
  #path(end: number): Path {
    const path: number[] = [];
    for (let node = end; node >= 0; node = this.#via[node] ?? -1) path.push(node);
    return path.reverse();
  }

  /** Puts what comes before the new edge ahead of what comes after it, on the same positions. */
  #reorder(before: readonly number[], after: readonly number[]): void {
    const inOrder = (left: number, right: number) => this.#at(left) - this.#at(right);
    const nodes = [...before.toSorted(inOrder), ...after.toSorted(inOrder)];
    const positions = Uint32Array.from(nodes, (node) => this.#at(node)).sort();
    for (const [index, node] of nodes.entries()) this.#position[node] = positions[index] ?? 0;
  }

  #at(node: number): number {
    return this.#position[node] ?? 0;
  }
}
