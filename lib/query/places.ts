/** Where the parts of a syntax tree stand in the text, so that the tree itself holds no positions. */
export class Places {
  readonly #offsets = new WeakMap<object, number>();

  /** Remembers where a part of the tree begins, and returns it. */
  note<Node extends object>(node: Node, at: number): Node {
    this.#offsets.set(node, at);
    return node;
  }

  /** Offset in the text, counted from 0; undefined for what no text stands for. */
  of(node: object): number | undefined {
    return this.#offsets.get(node);
  }
}
