import type { UploadEdge, UploadNode, UploadPart, UploadRecord } from "../../core/mod.ts";
import type { KindIndex } from "../../model/mod.ts";
import {
  edgesFrom,
  edgesTo,
  nodeOfKey,
  nodesOfScopes,
  positions,
  readExtras,
  type Store,
  type UploadEdgeRow,
  type UploadNodeRow,
} from "../../store/mod.ts";
import { type Container, Membership, type StoreLayout } from "./membership.ts";
import { NodeIds } from "./node_ids.ts";
import type { SubGraph } from "./plan.ts";
import { isTop, judgeEdge, madeParent, type Survey, survey } from "./survey.ts";

/** What the id of a node at a core is computed from. */
export interface NodeIdentity {
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  /** JSON object of the properties without kind, id and name. */
  readonly body: string;
}

/** How graphs are written for a core. */
export interface RecordOptions {
  readonly kinds: KindIndex;
  /** Tells edges that cross borders behind the others. */
  readonly defer: boolean;
  /** One part for everything, or one for each sub graph. */
  readonly merges: "one" | "per_sub_graph";
  /** Computes node ids; absent where those of the store serve. */
  readonly identify?: (node: NodeIdentity) => string;
}

/** The root of every graph, which the store does not hold. */
const ROOT_KEY = 0;
const ROOT_ID = "TXM91rR24mG18DeK7ljCTQ";
const UNDEFINED = "undefined";
const ROOT: NodeIdentity = {
  kind: "graph_root",
  cloud: UNDEFINED,
  account: UNDEFINED,
  region: UNDEFINED,
  zone: UNDEFINED,
  id: "root",
  name: "root",
  body: '{"tags":{}}',
};

/**
 * The sub graphs of a store as whole graphs: the root, the nodes above, the replaced nodes and all
 * that lies below them. Records are read from the store while they are told, so the store must not
 * change meanwhile: read within one transaction where others may write.
 */
export class UploadGraph {
  readonly survey: Survey;
  readonly membership: Membership;
  readonly #store: Store;
  readonly #options: RecordOptions;

  constructor(
    store: Store,
    layout: StoreLayout,
    subGraphs: readonly SubGraph[],
    options: RecordOptions,
  ) {
    this.#store = store;
    this.#options = options;
    this.membership = new Membership(layout, subGraphs);
    const scopes = this.membership.scopesOf(numbersOf(subGraphs));
    this.survey = survey(store, this.membership, scopes);
  }

  /** Nothing to replace makes no part. */
  parts(): readonly UploadPart[] {
    const all = numbersOf(this.membership.subGraphs);
    if (all.length === 0) return [];
    if (this.#options.merges === "one") return [this.everything()];
    return all.map((number) => this.#part(this.#nameOf(number), [number]));
  }

  /** All sub graphs as one graph; the root alone where there is none. */
  everything(): UploadPart {
    return this.#part("all", numbersOf(this.membership.subGraphs));
  }

  #part(name: string, numbers: readonly number[]): UploadPart {
    const above = this.#above(numbers);
    const tops = numbers.map((number) => this.#topOf(number));
    const figures = numbers.map((number) => this.survey.figures[number]);
    const nodes = figures.reduce((sum, figure) => sum + (figure?.nodes ?? 0), 0);
    const edges = figures.reduce((sum, figure) => sum + (figure?.edges ?? 0), 0);
    return {
      name,
      nodes: 1 + above.length + nodes,
      edges: above.length + tops.length + edges,
      records: () => new PartReader(this.#store, this, this.#options, numbers, above).records(),
    };
  }

  #nameOf(number: number): string {
    const { cloud, account, region } = this.membership.subGraphs[number] ?? { cloud: "" };
    return [cloud, account, region].filter((each) => each !== undefined && each !== "").join("/");
  }

  /** Nodes above the replaced ones: clouds, then accounts. */
  #above(numbers: readonly number[]): readonly Container[] {
    const { layout, subGraphs } = this.membership;
    const found = new Map<number, Container>();
    for (const level of ["cloud", "account"] as const) {
      for (const number of numbers) {
        const shape = subGraphs[number];
        const isAbove = shape !== undefined && shape.level !== level &&
          (level === "cloud" || shape.level === "region");
        const container = isAbove ? layout.container(level, shape.cloud, shape.account) : undefined;
        if (container !== undefined) found.set(container.key, container);
      }
    }
    return [...found.values()];
  }

  #topOf(number: number): Container {
    const shape = this.membership.subGraphs[number];
    const top = shape === undefined ? undefined : this.membership.layout.top(shape);
    if (top === undefined) throw new Error(`there is no node to replace: ${this.#nameOf(number)}`);
    return top;
  }
}

/** Reads one part from the store, once. */
class PartReader {
  readonly #store: Store;
  readonly #graph: UploadGraph;
  readonly #options: RecordOptions;
  readonly #numbers: ReadonlySet<number>;
  readonly #above: readonly Container[];
  readonly #scopes: readonly number[];
  readonly #ids = new NodeIds();
  readonly #phantoms = new Map<string, boolean>();

  constructor(
    store: Store,
    graph: UploadGraph,
    options: RecordOptions,
    numbers: readonly number[],
    above: readonly Container[],
  ) {
    this.#store = store;
    this.#graph = graph;
    this.#options = options;
    this.#numbers = new Set(numbers);
    this.#above = above;
    this.#scopes = graph.membership.scopesOf(numbers);
  }

  *records(): Generator<UploadRecord, void, undefined> {
    for (const node of this.#nodes()) yield { type: "node", node };
    for (const edge of this.#edges()) yield { type: "edge", edge };
    if (!this.#options.defer) return;
    for (const edge of this.#deferred()) yield { type: "edge", edge };
  }

  *#nodes(): Generator<UploadNode, void, undefined> {
    yield this.#root();
    for (const { key } of this.#above) {
      const row = nodeOfKey(this.#store, key);
      if (row !== undefined) yield this.#node(row, false);
    }
    const { membership } = this.#graph;
    for (const row of nodesOfScopes(this.#store, this.#scopes)) {
      const number = membership.of(row.key, row.kind, row.place, row.scope);
      if (this.#numbers.has(number)) yield this.#node(row, isTop(membership, number, row.key));
    }
  }

  *#edges(): Generator<UploadEdge, void, undefined> {
    yield* this.#edgesAbove();
    const { membership } = this.#graph;
    for (const edge of edgesFrom(this.#store, this.#scopes)) {
      const found = judgeEdge(membership, edge);
      if (found.fate === "inside" && this.#numbers.has(found.subGraph)) yield this.#edge(edge);
    }
    yield* this.#madeEdges();
  }

  /** From the root to the clouds, and so on down to the replaced nodes. */
  *#edgesAbove(): Generator<UploadEdge, void, undefined> {
    const { layout, subGraphs } = this.#graph.membership;
    for (const { key, level, cloud } of this.#above) {
      const parent = level === "cloud" ? undefined : layout.container("cloud", cloud);
      yield this.#link(parent?.key ?? ROOT_KEY, key);
    }
    for (const number of this.#numbers) {
      const shape = subGraphs[number];
      const top = shape === undefined ? undefined : layout.top(shape);
      if (shape === undefined || top === undefined) continue;
      const parent = shape.level === "cloud"
        ? undefined
        : layout.container(shape.level === "region" ? "account" : "cloud", top.cloud, top.account);
      yield this.#link(parent?.key ?? ROOT_KEY, top.key);
    }
  }

  /** Edges to nodes that have no parent left. */
  *#madeEdges(): Generator<UploadEdge, void, undefined> {
    const { membership, survey } = this.#graph;
    for (const row of positions(this.#store, this.#scopes)) {
      const number = membership.of(row.key, row.kind, row.place, row.scope);
      if (!this.#numbers.has(number) || survey.hasParent.has(row.key)) continue;
      if (isTop(membership, number, row.key)) continue;
      const parent = madeParent(membership, survey.figures[number], number, row);
      if (parent !== undefined) yield this.#link(parent.key, row.key);
    }
  }

  *#deferred(): Generator<UploadEdge, void, undefined> {
    for (const edge of edgesTo(this.#store, this.#scopes)) {
      if (this.#isDeferred(edge) && this.#endsInside(edge)) yield this.#edge(edge, true);
    }
    for (const edge of edgesFrom(this.#store, this.#scopes)) {
      if (this.#isDeferred(edge) && !this.#endsInside(edge)) yield this.#edge(edge, true);
    }
  }

  #isDeferred(edge: UploadEdgeRow): boolean {
    const found = judgeEdge(this.#graph.membership, edge);
    return found.fate === "crossing" && this.#numbers.has(found.subGraph);
  }

  #endsInside({ toKey, toKind, toPlace, toScope }: UploadEdgeRow): boolean {
    return this.#graph.membership.of(toKey, toKind, toPlace, toScope) >= 0;
  }

  #root(): UploadNode {
    const nodeId = this.#options.identify?.(ROOT) ?? ROOT_ID;
    if (this.#options.identify !== undefined) this.#ids.add(ROOT_KEY, nodeId);
    const { kind, id, name, body } = ROOT;
    return { nodeId, kind, id, name, body, phantom: true, protected: false, replace: false };
  }

  #node(row: UploadNodeRow, replace: boolean): UploadNode {
    const extras = readExtras(row.extras);
    const nodeId = this.#idOf(row);
    if (this.#options.identify !== undefined) this.#ids.add(row.key, nodeId);
    return {
      nodeId,
      kind: row.kindName,
      id: row.id,
      name: row.name,
      body: row.body,
      phantom: extras.ph === 1 || this.#isPhantom(row.kindName),
      protected: extras.pr === 1 || row.protected === 1,
      marked: row.marked === 1,
      replace,
    };
  }

  #idOf(row: UploadNodeRow): string {
    const { identify } = this.#options;
    return identify === undefined ? row.nodeId : identify({ ...row, kind: row.kindName });
  }

  #edge(edge: UploadEdgeRow, deferred = false): UploadEdge {
    const ends = this.#options.identify === undefined
      ? { from: edge.fromId, to: edge.toId }
      : { from: this.#idByKey(edge.fromKey), to: this.#idByKey(edge.toKey) };
    const type = edge.type === 1 ? "delete" : "dependency";
    return deferred ? { ...ends, type, deferred } : { ...ends, type };
  }

  #link(from: number, to: number): UploadEdge {
    return { from: this.#idByKey(from), to: this.#idByKey(to), type: "dependency" };
  }

  /** Ids of nodes that this part tells are at hand where they had to be computed. */
  #idByKey(key: number): string {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (key === ROOT_KEY) return ROOT_ID;
    const row = nodeOfKey(this.#store, key);
    if (row === undefined) throw new Error(`the store has no node ${key} any more`);
    return this.#idOf(row);
  }

  #isPhantom(kind: string): boolean {
    let known = this.#phantoms.get(kind);
    if (known === undefined) {
      known = this.#options.kinds.isPhantom(kind);
      this.#phantoms.set(kind, known);
    }
    return known;
  }
}

function numbersOf(subGraphs: readonly SubGraph[]): readonly number[] {
  return subGraphs.map((_, number) => number);
}
