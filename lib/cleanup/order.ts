import { type KindIndex, matchesProperties, mightMatch, valuesAt } from "../model/mod.ts";
import { Neighbours } from "./below.ts";
import { components } from "./components.ts";
import { type CleanNode, type GraphReader, nodeText } from "./graph_reader.ts";
import type { Refusal } from "./guards.ts";
import type { Judged } from "./judge.ts";

/**
 * What is done with a node of a plan. `goes_with`: the cloud deletes it together with another one.
 * `ended`: it does not exist any more, only its listing has not ended yet.
 */
export type PlanAction = "delete" | "goes_with" | "ended";

/** A node with its place in the order. */
export interface Ordered {
  readonly node: CleanNode;
  readonly action: PlanAction;
  readonly level: number;
  /** Entries that have to be gone before. */
  readonly after: readonly number[];
  /** Entry that it goes with. */
  readonly partner?: number;
  readonly users: readonly CleanNode[];
  readonly takes: readonly CleanNode[];
}

/** What may be deleted, in order, and what may not because of others. */
export interface Order {
  readonly entries: readonly Ordered[];
  readonly heldBack: readonly (readonly [CleanNode, Refusal])[];
}

/** Puts what may be deleted in order, leaves first, and holds back what others stand on. */
export function orderOf(reader: GraphReader, kinds: KindIndex, judged: Judged): Order {
  return new Ordering(reader, kinds, judged).order();
}

/** What is known of a node once all below it are decided. */
interface Standing {
  /** The nearest entries below, it included if it is one. */
  readonly frontier: ReadonlySet<number>;
  /** Level of the highest entry at or below it; -1 without any. */
  readonly level: number;
  /** Why what stands above it has to stay. */
  readonly stays: string | undefined;
}

class Ordering {
  readonly #reader: GraphReader;
  readonly #neighbours: Neighbours;
  readonly #judged: Judged;
  /** Nodes that are deleted by a call. */
  readonly #called = new Map<number, CleanNode>();
  /** Nodes that go along with one of those, and cannot go alone. */
  readonly #going = new Map<number, number>();
  readonly #refused = new Map<number, Refusal>();
  readonly #protected: ReadonlySet<number>;
  #parts: ReadonlyMap<string, CleanNode> | undefined;
  readonly #standing = new Map<number, Standing>();
  readonly #entries = new Map<number, Ordered>();
  readonly #heldBack = new Map<number, readonly [CleanNode, Refusal]>();

  constructor(reader: GraphReader, kinds: KindIndex, judged: Judged) {
    this.#reader = reader;
    this.#judged = judged;
    this.#neighbours = new Neighbours(reader, kinds);
    this.#protected = new Set(reader.protected());
    for (const [node, refusal] of judged.refused) this.#refused.set(node.key, refusal);
  }

  order(): Order {
    this.#split();
    for (const group of components(this.#called.keys(), (key) => this.#neighbours.below(key))) {
      this.#decide(group);
    }
    for (const [key, partner] of this.#going) this.#join(key, partner);
    for (const node of this.#judged.ended) {
      this.#entries.set(node.key, { ...PLAIN, node, action: "ended" });
    }
    return { entries: [...this.#entries.values()], heldBack: [...this.#heldBack.values()] };
  }

  /** Tells what is called from what only goes along. */
  #split(): void {
    const only = new Map<number, readonly string[]>();
    for (const node of this.#judged.deletable) {
      const rules = this.#neighbours.rules(node.kind).along
        .filter((rule) => rule.only === true && matchesProperties(rule.when, node));
      if (rules.length === 0) this.#called.set(node.key, node);
      else only.set(node.key, rules.flatMap((rule) => rule.with));
    }
    for (const [key, partners] of only) {
      const node = this.#reader.node(key);
      if (node === undefined) continue;
      const partner = this.#neighbours.around(key)
        .find((other) => partners.includes(other.kind) && this.#called.has(other.key));
      if (partner !== undefined) this.#going.set(key, partner.key);
      else this.#refuseAlone(node, partners);
    }
  }

  #refuseAlone(node: CleanNode, partners: readonly string[]): void {
    const why = `the cloud deletes it only together with its ${partners.join(" or ")}, ` +
      "which is not deleted";
    const refusal: Refusal = { guard: "unsupported", why };
    this.#refused.set(node.key, refusal);
    this.#heldBack.set(node.key, [node, refusal]);
  }

  /** Decides nodes all of whose nodes below are decided; more than one form a cycle. */
  #decide(group: readonly number[]): void {
    const members = new Set(group);
    const below = new Set(
      group.flatMap((key) => this.#neighbours.below(key)).filter((key) => !members.has(key)),
    );
    const found = [...below].flatMap((key) => this.#standing.get(key) ?? []);
    const frontier = new Set(found.flatMap((each) => [...each.frontier]));
    const level = Math.max(-1, ...found.map((each) => each.level));
    const called = group.filter((key) => this.#called.has(key));
    const stays = this.#cycle(called) ?? this.#lasting(group, found);
    const [entry] = called;
    if (entry === undefined) {
      // What goes with something below it may go later than that.
      for (const key of group.filter((each) => frontier.has(this.#going.get(each) ?? NOBODY))) {
        frontier.add(key);
      }
      for (const key of group) this.#standing.set(key, { frontier, level, stays });
    } else if (stays !== undefined) {
      for (const key of called) this.#hold(key, stays);
      const text = this.#textOf(entry);
      const why = `${text} stays, which needs it`;
      for (const key of group) this.#standing.set(key, { frontier, level, stays: why });
    } else this.#enter(entry, group, frontier, level + 1);
  }

  #enter(
    entry: number,
    group: readonly number[],
    frontier: ReadonlySet<number>,
    level: number,
  ): void {
    const node = this.#called.get(entry);
    if (node === undefined) return;
    const kept = this.#keepsAlong(node);
    if (kept !== undefined) {
      this.#hold(entry, kept);
      const why = `${nodeText(node)} stays, which needs it`;
      for (const key of group) this.#standing.set(key, { frontier, level, stays: why });
      return;
    }
    this.#entries.set(entry, {
      node,
      action: "delete",
      level,
      after: [...frontier],
      users: this.#nodes(this.#neighbours.below(entry)),
      takes: this.#neighbours.taken(entry)
        .filter(({ key }) => !this.#called.has(key) && !this.#going.has(key)),
    });
    const standing = { frontier: new Set([entry]), level, stays: undefined };
    for (const key of group) this.#standing.set(key, standing);
  }

  /** Nobody knows which of them could go first. */
  #cycle(called: readonly number[]): string | undefined {
    if (called.length < 2) return undefined;
    return `it and ${called.length - 1} others depend on each other in a circle: ` +
      called.slice(0, 5).map((key) => this.#textOf(key)).join(", ");
  }

  /** What of a group, or below it, stays although something above it was to go. */
  #lasting(group: readonly number[], below: readonly Standing[]): string | undefined {
    const inside =
      group.filter((key) => !this.#called.has(key)).flatMap((key) => this.#whyStays(key) ?? [])[0];
    return inside ?? below.find(({ stays }) => stays !== undefined)?.stays;
  }

  #whyStays(key: number): string | undefined {
    const node = this.#reader.node(key);
    const refusal = this.#refused.get(key);
    if (node === undefined || refusal?.guard === "phantom") return undefined;
    if (this.#protected.has(key)) return `${nodeText(node)} needs it and is protected`;
    // What goes along with something else of the plan is no hindrance, whoever marked it.
    if (refusal === undefined) return undefined;
    return `${nodeText(node)} needs it and is not deleted: ${refusal.why}`;
  }

  /** The cloud would delete something protected along with it. */
  #keepsAlong(node: CleanNode): string | undefined {
    const taken = this.#neighbours.taken(node.key).find(({ key }) => this.#protected.has(key));
    const by = taken ?? this.#protectedPart(node);
    if (by === undefined) return undefined;
    return `${nodeText(by)} would be deleted with it and is protected`;
  }

  /** A protected node that names this one as what it goes with. */
  #protectedPart({ kind, id, account, region }: CleanNode): CleanNode | undefined {
    this.#parts ??= this.#findParts();
    return this.#parts.get(JSON.stringify([kind, id, account, region]));
  }

  #findParts(): ReadonlyMap<string, CleanNode> {
    return new Map(
      this.#nodes([...this.#protected]).flatMap((part) =>
        this.#neighbours.rules(part.kind).along.flatMap(({ by, with: kinds, when }) => {
          if (by === undefined || !mightMatch(when, part)) return [];
          const { account, region } = part;
          return kinds.flatMap((kind) =>
            valuesAt(part.reported, by).map((id) =>
              [JSON.stringify([kind, id, account, region]), part] as const
            )
          );
        })
      ),
    );
  }

  /** What goes along shares the fate of its partner. */
  #join(key: number, partner: number): void {
    const node = this.#reader.node(key);
    const entry = this.#entries.get(partner);
    if (node === undefined) return;
    if (entry === undefined) {
      return this.#hold(key, `${this.#textOf(partner)}, with which it goes, stays`);
    }
    this.#entries.set(key, {
      ...PLAIN,
      node,
      action: "goes_with",
      level: Math.max(entry.level, this.#standing.get(key)?.level ?? -1),
      partner,
      users: this.#nodes(this.#neighbours.below(key)),
    });
  }

  #hold(key: number, why: string): void {
    const node = this.#reader.node(key);
    if (node !== undefined) this.#heldBack.set(key, [node, { guard: "held_back", why }]);
  }

  #nodes(keys: readonly number[]): readonly CleanNode[] {
    return keys.flatMap((key) => this.#reader.node(key) ?? []);
  }

  #textOf(key: number): string {
    const node = this.#reader.node(key);
    return node === undefined ? "a node" : nodeText(node);
  }
}

/** Key of no node. */
const NOBODY = -1;
const PLAIN = { level: 0, after: [], users: [], takes: [] } as const;
