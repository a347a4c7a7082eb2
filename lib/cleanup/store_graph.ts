import type { NodeIdentity } from "../model/mod.ts";
import {
  accountRow,
  cleanEdges,
  type CleanRow,
  cleanRow,
  countOfKinds,
  findCleanRow,
  markedKeys,
  protectedKeys,
  type Store,
} from "../store/mod.ts";
import type { CleanNode, GraphReader, NodeEdge, Reported } from "./graph_reader.ts";

/** The graph of a store. What was read once is kept, so that a plan sees one state of it. */
export class StoreGraph implements GraphReader {
  readonly #store: Store;
  readonly #gone: ReadonlySet<number>;
  readonly #nodes = new Map<number, CleanNode | undefined>();
  readonly #edges = new Map<number, readonly NodeEdge[]>();

  /** @param gone nodes that a plan which is carried out has deleted: they count as marked as before */
  constructor(store: Store, gone: Iterable<NodeIdentity> = []) {
    this.#store = store;
    this.#gone = new Set(
      [...gone].flatMap((identity) => findCleanRow(store, identity)?.key ?? []),
    );
  }

  marked(): readonly number[] {
    return [...new Set([...markedKeys(this.#store), ...this.#gone])];
  }

  protected(): readonly number[] {
    return protectedKeys(this.#store);
  }

  node(key: number): CleanNode | undefined {
    if (this.#nodes.has(key)) return this.#nodes.get(key);
    const row = cleanRow(this.#store, key);
    const known = row === undefined ? undefined : toCleanNode(row);
    const node = known !== undefined && this.#gone.has(key) ? { ...known, marked: true } : known;
    this.#nodes.set(key, node);
    return node;
  }

  edges(key: number): readonly NodeEdge[] {
    let edges = this.#edges.get(key);
    if (edges === undefined) {
      edges = cleanEdges(this.#store, key);
      this.#edges.set(key, edges);
    }
    return edges;
  }

  deletable(cloud: string, account: string): number | undefined {
    return countDeletable(this.#store, cloud, account);
  }
}

/** How many nodes of an account can be deleted at all; undefined for an account that is not known. */
export function countDeletable(store: Store, cloud: string, account: string): number | undefined {
  if (accountRow(store, cloud, account) === undefined) return undefined;
  const kinds = [...store.kinds.all()]
    .filter(({ name, changes }) =>
      changes?.includes("delete") === true && !store.kinds.isPhantom(name)
    )
    .map(({ name }) => name);
  return countOfKinds(store, cloud, account, kinds);
}

/** A row of the store as a node. */
export function toCleanNode({ body, look, stale, ...facts }: CleanRow): CleanNode {
  return {
    ...facts,
    reported: parseBody(body),
    look: look === undefined ? undefined : { ...look, stale },
  };
}

function parseBody(body: string): Reported {
  const parsed: unknown = body === "" ? {} : JSON.parse(body);
  return typeof parsed === "object" && parsed !== null
    ? Object.fromEntries(Object.entries(parsed))
    : {};
}
