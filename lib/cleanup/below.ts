import { type CleanupRules, cleanupRules, type KindIndex, mightMatch } from "../model/mod.ts";
import type { CleanNode, GraphReader, NodeEdge } from "./graph_reader.ts";

/** Says what has to go before what, and what goes along with what. */
export class Neighbours {
  readonly #reader: GraphReader;
  readonly #kinds: KindIndex;
  readonly #below = new Map<number, readonly number[]>();
  readonly #rules = new Map<string, Required<CleanupRules>>();

  constructor(reader: GraphReader, kinds: KindIndex) {
    this.#reader = reader;
    this.#kinds = kinds;
  }

  /**
   * Nodes that have to be gone before this one is deleted. A rule of the kinds goes before edges, a
   * `delete` edge before the `dependency` edges of the same two nodes.
   */
  below(key: number): readonly number[] {
    let below = this.#below.get(key);
    if (below === undefined) {
      below = this.#find(key);
      this.#below.set(key, below);
    }
    return below;
  }

  /**
   * Nodes that the cloud deletes together with this one, over all that goes along with those. One of
   * which nobody told whether it goes counts as going.
   */
  taken(key: number): readonly CleanNode[] {
    const taken = new Map<number, CleanNode>();
    const open = [key];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const node of this.#along(next)) {
        if (node.key === key || taken.has(node.key)) continue;
        taken.set(node.key, node);
        open.push(node.key);
      }
    }
    return [...taken.values()];
  }

  /** What the kinds say of clean-ups, asked once for each. */
  rules(kind: string): Required<CleanupRules> {
    let rules = this.#rules.get(kind);
    if (rules === undefined) {
      rules = cleanupRules(this.#kinds, kind);
      this.#rules.set(kind, rules);
    }
    return rules;
  }

  /** Nodes at the other ends of a node's edges. */
  around(key: number): readonly CleanNode[] {
    const others = new Set(this.#reader.edges(key).map(({ other }) => other));
    return [...others].flatMap((other) => this.#reader.node(other) ?? []);
  }

  #along(key: number): readonly CleanNode[] {
    const node = this.#reader.node(key);
    if (node === undefined || !this.#takes(node.kind)) return [];
    return this.around(key).filter((other) =>
      this.rules(other.kind).along.some((rule) =>
        rule.by === undefined && rule.with.includes(node.kind) &&
        mightMatch(rule.when, other)
      )
    );
  }

  /** Whether anything goes along with nodes of a kind; spares looking at all neighbours. */
  #takes(kind: string): boolean {
    return [...this.#kinds.all()].some(({ cleanup }) =>
      cleanup?.along?.some((rule) => rule.with.includes(kind)) === true
    );
  }

  #find(key: number): readonly number[] {
    const node = this.#reader.node(key);
    if (node === undefined) return [];
    const pairs = Map.groupBy(this.#reader.edges(key), ({ other }) => other);
    const below = [...pairs].filter(([other, edges]) =>
      other !== key && this.#isBelow(node, other, edges)
    ).map(([other]) => other);
    return [...new Set([...below, ...this.#siblings(node)])];
  }

  #isBelow(node: CleanNode, other: number, edges: readonly NodeEdge[]): boolean {
    const found = this.#reader.node(other);
    if (found === undefined) return false;
    if (this.#goesFirst(found.kind, node.kind)) return true;
    if (this.#goesFirst(node.kind, found.kind)) return false;
    const deletes = edges.filter(({ type }) => type === "delete");
    return (deletes.length > 0 ? deletes : edges).some(({ direction }) => direction === "down");
  }

  /** Whether nodes of a kind go before those of another that an edge joins them with. */
  #goesFirst(kind: string, other: string): boolean {
    return this.rules(other).first
      .some((rule) => rule.sharing === undefined && rule.kind === kind);
  }

  /** Nodes that go first because of a parent that both have. */
  #siblings(node: CleanNode): readonly number[] {
    const rules = this.rules(node.kind).first
      .filter(({ sharing }) => sharing !== undefined);
    if (rules.length === 0) return [];
    const parents = this.#reader.edges(node.key).filter(({ direction }) => direction === "up")
      .flatMap(({ other }) => this.#reader.node(other) ?? []);
    return rules.flatMap(({ kind, sharing }) =>
      parents.filter((parent) => parent.kind === sharing).flatMap((parent) =>
        this.#reader.edges(parent.key).filter(({ direction, other }) =>
          direction === "down" && other !== node.key && this.#reader.node(other)?.kind === kind
        ).map(({ other }) => other)
      )
    );
  }
}
