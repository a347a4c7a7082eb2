/** Marks a link that no reference declared: the default parent. */
export const DEFAULT_PARENT = 0xffffffff;

/** Edges of one type in columns, with what became of them. */
export class Links {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Number of the reference that declared it, or {@link DEFAULT_PARENT}. */
  readonly reference: Uint32Array;
  /** 1: left out, because it would close a cycle or is there already. */
  readonly left: Uint8Array;
  #length = 0;

  private constructor(columns: Pick<Links, "from" | "to" | "reference" | "left">) {
    this.from = columns.from;
    this.to = columns.to;
    this.reference = columns.reference;
    this.left = columns.left;
  }

  /** @param capacity how many there can be at most */
  static withCapacity(capacity: number): Links {
    return new Links({
      from: new Uint32Array(capacity),
      to: new Uint32Array(capacity),
      reference: new Uint32Array(capacity),
      left: new Uint8Array(capacity),
    });
  }

  /** The same links the other way round, in the same memory. */
  reversed(): Links {
    const { from, to, reference, left } = this;
    const reversed = new Links({ from: to, to: from, reference, left });
    reversed.#length = this.#length;
    return reversed;
  }

  get length(): number {
    return this.#length;
  }

  push(from: number, to: number, reference: number): void {
    const at = this.#length++;
    this.from[at] = from;
    this.to[at] = to;
    this.reference[at] = reference;
  }

  isDefault(link: number): boolean {
    return this.reference[link] === DEFAULT_PARENT;
  }
}

/** Links by the node they start at, those added first first; left out ones are absent. */
export class Outgoing {
  readonly #starts: Uint32Array;
  readonly #links: Uint32Array;

  constructor(nodes: number, links: Links) {
    this.#starts = new Uint32Array(nodes + 1);
    const starts = this.#starts;
    for (let link = 0; link < links.length; link++) {
      if (links.left[link] === 0) count(starts, (links.from[link] ?? 0) + 1);
    }
    for (let node = 1; node <= nodes; node++) {
      starts[node] = (starts[node] ?? 0) + (starts[node - 1] ?? 0);
    }
    this.#links = new Uint32Array(starts[nodes] ?? 0);
    this.#fill(links);
  }

  #fill(links: Links): void {
    const starts = this.#starts;
    const ends = starts.slice(1);
    for (let link = links.length - 1; link >= 0; link--) {
      if (links.left[link] !== 0) continue;
      const from = links.from[link] ?? 0;
      const at = (ends[from] ?? 0) - 1;
      ends[from] = at;
      this.#links[at] = link;
    }
  }

  /** Where the links of a node begin; they end where those of the next node begin. */
  start(node: number): number {
    return this.#starts[node] ?? 0;
  }

  link(at: number): number {
    return this.#links[at] ?? 0;
  }
}

/** Leaves out all but the first of the links between the same two nodes. Returns how many stay. */
export function leaveOutRepeated(nodes: number, links: Links): number {
  const outgoing = new Outgoing(nodes, links);
  const seenFrom = new Uint32Array(nodes);
  let kept = 0;
  for (let node = 0; node < nodes; node++) {
    for (let at = outgoing.start(node); at < outgoing.start(node + 1); at++) {
      const link = outgoing.link(at);
      const to = links.to[link] ?? 0;
      if (seenFrom[to] === node + 1) links.left[link] = 1;
      else kept++;
      seenFrom[to] = node + 1;
    }
  }
  return kept;
}

function count(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}
