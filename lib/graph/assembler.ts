import type { KindIndex, Level, NodeExtras } from "../model/mod.ts";
import type { Container } from "./default_parents.ts";
import { Names } from "./grow.ts";
import { finishGraph } from "./finish_graph.ts";
import type { Graph } from "./graph.ts";
import { IdentityTable } from "./identity_table.ts";
import { KeyHasher } from "./key_hash.ts";
import { encodeNodeId, type NodeIdentifier } from "./node_id.ts";
import { NodeTable } from "./node_table.ts";
import { Places } from "./places.ts";
import { References } from "./references.ts";
import { TargetValues } from "./target_index.ts";

/** A node as it arrives. What it has no part in (no region, no zone) is `undefined` as text. */
export interface ArrivingNode {
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  /** Region id; a region node gives its own, like cloud, account and zone nodes theirs. */
  readonly region: string;
  readonly regionName: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  readonly extras: NodeExtras;
  /** 32 bits that tell equal from different content. */
  readonly bodyHash: number;
}

/** A node that an earlier run left in the store. */
export type EarlierNode = Omit<ArrivingNode, "bodyHash" | "regionName"> & {
  readonly scopeRegion: string;
};

/** Outcome of adding a line. */
export interface Arrival {
  /** Number of the node in this graph; a duplicate has that of the first. */
  readonly seq: number;
  readonly nodeId: string;
  /** The same identity arrived before, with equal or different content; the first one counts. */
  readonly duplicate?: "equal" | "different";
  /** A duplicate's own number: it stands for no node, but tells its line from the first one's. */
  readonly shadow?: number;
}

/** What every node of a kind asks for. */
interface KindFacts {
  readonly number: number;
  readonly level: Level | undefined;
  readonly isRoot: boolean;
}

export interface AssemblerOptions {
  /** Makes no edges but those to default parents (`--ignore-deferred-connections`). */
  readonly ignoreReferences?: boolean;
}

/**
 * Collects nodes and their references in any order and joins them to a graph. Holds numbers only,
 * no text of a node: about 60 bytes a node and 20 a reference until it is finished.
 *
 * The host adds the root (kind `graph_root`) and the nodes of the clouds like any other.
 */
export class Assembler {
  readonly #kinds: KindIndex;
  readonly #identify: NodeIdentifier;
  readonly #ignoreReferences: boolean;
  readonly #facts = new Map<string, KindFacts>();
  readonly #hasher = new KeyHasher();
  readonly #kindNames = new Names();
  readonly #places = new Places();
  readonly #nodes = new NodeTable();
  readonly #identities = new IdentityTable(this.#nodes, this.#places);
  readonly #values = new TargetValues();
  readonly #references = new References();
  readonly #containers: Container[] = [];
  readonly #roots: number[] = [];
  readonly #shadows: number[] = [];
  /** Nodes of earlier runs whose identity also came in this run, with the number it has there. */
  readonly #hidden = new Map<number, number>();

  constructor(kinds: KindIndex, identify: NodeIdentifier, options: AssemblerOptions = {}) {
    this.#kinds = kinds;
    this.#identify = identify;
    this.#ignoreReferences = options.ignoreReferences ?? false;
  }

  /** How many numbers were given so far. */
  get size(): number {
    return this.#nodes.length;
  }

  /**
   * Adds a node of this run.
   * @throws GraphError when its kind is not in the model
   */
  add(node: ArrivingNode): Arrival {
    this.#kinds.require(node.kind);
    const facts = this.#factsOf(node.kind);
    const { digest, key, kind, place } = this.#measure(facts, node);
    const nodeId = encodeNodeId(digest);
    const known = this.#identities.find(key, kind, place);
    if (known !== undefined && !this.#nodes.isKept(known)) {
      const shadow = this.#pushShadow(known, digest);
      const equal = this.#nodes.bodyHash(known) === node.bodyHash >>> 0 &&
        this.#nodes.compare(known, shadow) === 0;
      return { seq: known, nodeId, duplicate: equal ? "equal" : "different", shadow };
    }
    const { bodyHash, extras } = node;
    const orphan = extras.o === 1;
    const seq = this.#nodes.push({ digest, key, kind, place, bodyHash, orphan, kept: false });
    if (known !== undefined) this.#hidden.set(known, seq);
    this.#identities.put(seq);
    this.#remember(seq, facts, node);
    return { seq, nodeId };
  }

  /**
   * Adds a node of an earlier run and returns its number. It is not part of the graph where a node
   * of this run has its identity. Its kind may have left the model since.
   */
  addKept(node: EarlierNode): number {
    const facts = this.#factsOf(node.kind);
    const here = { ...node, regionName: node.scopeRegion };
    const { digest, key, kind, place } = this.#measure(facts, here);
    const known = this.#identities.find(key, kind, place);
    if (known !== undefined && this.#nodes.isKept(known)) return known;
    const orphan = node.extras.o === 1;
    const seq = this.#nodes.push({ digest, key, kind, place, bodyHash: 0, orphan, kept: true });
    if (known === undefined) this.#identities.put(seq);
    else this.#hidden.set(seq, known);
    this.#remember(seq, facts, node);
    return seq;
  }

  /** Adds references to a node that was added before; one that it has already changes nothing. */
  refer(seq: number, references: NonNullable<NodeExtras["e"]>): void {
    if (!this.#ignoreReferences) this.#references.push(seq, references, this.#hasher);
  }

  /**
   * Makes the edges: references are resolved, cycles broken, and what has no parent gets its default
   * one. The result does not depend on the order in which nodes were added.
   * @param alive false for nodes of this run that were discarded with their scope
   * @throws Error when no root was added
   */
  finish(alive: (seq: number) => boolean): Graph {
    return finishGraph({
      kinds: this.#kinds,
      kindNames: this.#kindNames,
      nodes: this.#nodes,
      places: this.#places,
      values: this.#values,
      references: this.#references,
      containers: this.#containers,
      roots: this.#roots,
      alive: this.#alive(alive),
    });
  }

  /** A row that no identity, reference or target leads to. */
  #pushShadow(known: number, digest: Uint8Array): number {
    const kind = this.#nodes.kind(known);
    const key = { a: 0, b: 0, c: 0 };
    const shadow = { digest, key, kind, place: 0, bodyHash: 0, orphan: true, kept: false };
    const seq = this.#nodes.push(shadow);
    this.#shadows.push(seq);
    return seq;
  }

  #factsOf(kind: string): KindFacts {
    let facts = this.#facts.get(kind);
    if (facts === undefined) {
      facts = {
        number: this.#kindNames.number(kind),
        level: this.#kinds.level(kind),
        isRoot: this.#kinds.is(kind, "graph_root"),
      };
      this.#facts.set(kind, facts);
    }
    return facts;
  }

  #measure(facts: KindFacts, node: Omit<ArrivingNode, "bodyHash">) {
    const { kind, cloud, account, region, zone, id, name } = node;
    const digest = this.#identify.digest([kind, cloud, account, region, zone, id, name]);
    const isRegion = facts.level === "region";
    const place = this.#places.number({
      cloud,
      account,
      region,
      regionName: isRegion ? name : node.regionName,
      zone,
      ownName: isRegion ? name : "",
    });
    return { digest, key: this.#hasher.hash("id", id), kind: facts.number, place };
  }

  #remember(
    seq: number,
    { level, isRoot }: KindFacts,
    { extras }: Pick<ArrivingNode, "extras">,
  ): void {
    if (level !== undefined) this.#containers.push({ seq, level });
    if (isRoot) this.#roots.push(seq);
    if (this.#ignoreReferences) return;
    if (extras.e !== undefined) this.#references.push(seq, extras.e, this.#hasher);
    for (const [property, value] of Object.entries(extras.t ?? {})) {
      if (property !== "id") this.#values.push(seq, this.#hasher.hash(property, value));
    }
  }

  #alive(alive: (seq: number) => boolean): Uint8Array {
    const marks = new Uint8Array(this.#nodes.length);
    for (let seq = 0; seq < marks.length; seq++) {
      marks[seq] = this.#nodes.isKept(seq) || alive(seq) ? 1 : 0;
    }
    for (const shadow of this.#shadows) marks[shadow] = 0;
    for (const [kept, sent] of this.#hidden) if (marks[sent] === 1) marks[kept] = 0;
    return marks;
  }
}
