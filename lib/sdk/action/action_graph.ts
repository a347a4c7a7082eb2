import type { ActionNode, ActionRecord } from "./records.ts";

const NOTHING: Readonly<Record<string, never>> = {};

/** A part of the graph in memory: nodes and who depends on whom. */
export class ActionGraph {
  readonly #nodes = new Map<string, ActionNode>();
  readonly #successors = new Map<string, string[]>();
  readonly #predecessors = new Map<string, string[]>();

  /**
   * Reads the answer to a query. Properties are kept of nodes of the given kinds only, for the rest
   * of a graph may be large; edges count as far as they are dependencies.
   */
  static async read(
    records: AsyncIterable<ActionRecord> | Iterable<ActionRecord>,
    kinds: readonly string[],
  ): Promise<ActionGraph> {
    const graph = new ActionGraph();
    const kept = new Set(kinds);
    for await (const record of records) graph.#add(record, kept);
    return graph;
  }

  nodes(): Iterable<ActionNode> {
    return this.#nodes.values();
  }

  /** Nodes that this one depends on, one step up. */
  predecessors(id: string): readonly ActionNode[] {
    return this.#found(this.#predecessors.get(id));
  }

  /** Nodes that depend on this one, one step down. */
  successors(id: string): readonly ActionNode[] {
    return this.#found(this.#successors.get(id));
  }

  /** All nodes below this one, each once, without itself. */
  descendants(id: string): readonly ActionNode[] {
    const seen = new Set([id]);
    for (const each of seen) for (const next of this.#successors.get(each) ?? []) seen.add(next);
    seen.delete(id);
    return this.#found([...seen]);
  }

  #add(record: ActionRecord, kept: ReadonlySet<string>): void {
    if (record.type === "node") {
      const node = kept.has(record.kind) ? record : { ...record, reported: NOTHING };
      this.#nodes.set(record.id, node);
    } else if (record.edgeType === "dependency") {
      append(this.#successors, record.from, record.to);
      append(this.#predecessors, record.to, record.from);
    }
  }

  #found(ids: readonly string[] = []): readonly ActionNode[] {
    return ids.flatMap((id) => this.#nodes.get(id) ?? []);
  }
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
