import {
  accountRow,
  cleanEdges,
  type CleanRow,
  cleanRow,
  countOfKinds,
  markedKeys,
  protectedKeys,
  type Store,
} from "../store/mod.ts";
import type { CleanNode, GraphReader, NodeEdge, Reported } from "./graph_reader.ts";

/** The graph of a store. What was read once is kept, so that a plan sees one state of it. */
export class StoreGraph implements GraphReader {
  readonly #store: Store;
  readonly #nodes = new Map<number, CleanNode | undefined>();
  readonly #edges = new Map<number, readonly NodeEdge[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  marked(): readonly number[] {
    return markedKeys(this.#store);
  }

  protected(): readonly number[] {
    return protectedKeys(this.#store);
  }

  node(key: number): CleanNode | undefined {
    if (this.#nodes.has(key)) return this.#nodes.get(key);
    const row = cleanRow(this.#store, key);
    const node = row === undefined ? undefined : toCleanNode(row);
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
