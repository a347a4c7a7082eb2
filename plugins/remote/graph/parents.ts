import { Numbers } from "./numbers.ts";

/** The other end of an edge that leads to a node. */
export interface Parent {
  readonly node: number;
  readonly type: "dependency" | "delete";
}

/** Edges of a graph by numbers of nodes, about 20 bytes each. */
export class Parents {
  readonly #from = new Numbers();
  readonly #to = new Numbers();
  #starts = new Uint32Array(0);
  #order = new Uint32Array(0);

  add(from: number, to: number, type: Parent["type"]): void {
    this.#from.push(from * 2 + (type === "delete" ? 1 : 0));
    this.#to.push(to);
  }

  /** Sorts them by the node that they lead to; {@link of} works from here on. */
  settle(nodes: number): void {
    const starts = new Uint32Array(nodes + 1);
    for (let edge = 0; edge < this.#to.length; edge++) {
      const after = this.#to.at(edge) + 1;
      starts[after] = (starts[after] ?? 0) + 1;
    }
    for (let node = 0; node < nodes; node++) {
      starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0);
    }
    const next = starts.slice();
    this.#order = new Uint32Array(this.#to.length);
    for (let edge = 0; edge < this.#to.length; edge++) {
      const to = this.#to.at(edge);
      const at = next[to] ?? 0;
      this.#order[at] = edge;
      next[to] = at + 1;
    }
    this.#starts = starts;
  }

  /** Those of one node, in the order of the file. */
  of(node: number): readonly Parent[] {
    const edges = this.#order.subarray(this.#starts[node], this.#starts[node + 1]);
    return Array.from(edges, (edge) => {
      const from = this.#from.at(edge);
      return { node: from >>> 1, type: from % 2 === 1 ? "delete" : "dependency" };
    });
  }
}
