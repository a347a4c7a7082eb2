import type { NodeExtras } from "../model/mod.ts";
import { readExtras } from "./extras_text.ts";
import type { Store } from "./store.ts";

/** A node as it is in the store. */
export interface ReadNode {
  /** Row number. */
  readonly key: number;
  readonly nodeId: string;
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  /** Region id; `undefined` as text when there is none. */
  readonly region: string;
  /** Name of the region of its scope; empty when the scope has none. */
  readonly scopeRegion: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  /** JSON text of the properties without kind, id and name. */
  readonly body: string;
  readonly extras: NodeExtras;
  /** Not part of the last look at its scope. */
  readonly stale: boolean;
  /** ISO times. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly phantom: boolean;
  readonly protected: boolean;
  /** Marked for clean-up. */
  readonly marked: boolean;
  /** Deleted since the last look at its scope. */
  readonly cleaned: boolean;
}

/** An edge with the node ids of its ends. */
export interface ReadEdge {
  readonly from: string;
  readonly to: string;
  readonly type: "dependency" | "delete";
}

/** Which nodes to read; an absent list is no limit. A kind stands for all that derive from it. */
export interface NodeFilter {
  readonly clouds?: readonly string[];
  readonly accounts?: readonly string[];
  /** Region ids. */
  readonly regions?: readonly string[];
  readonly kinds?: readonly string[];
}

/** Nodes one by one, in the order of their rows. */
export function* allNodes(store: Store, filter: NodeFilter = {}): Generator<ReadNode> {
  const read = nodeReader(store);
  for (const row of store.db.iterate<NodeRow>(SELECT_NODES, ...filterValues(store, filter))) {
    yield read(row);
  }
}

/** Makes nodes of rows with {@link NODE_COLUMNS}. */
export function nodeReader(store: Store): (row: NodeRow) => ReadNode {
  const phantom = phantomKinds(store);
  return (row) => {
    const extras = readExtras(row.extras);
    return {
      ...row,
      extras,
      stale: row.stale === 1,
      phantom: extras.ph === 1 || phantom(row.kind),
      protected: extras.pr === 1 || row.protected === 1,
      marked: row.marked === 1,
      cleaned: row.cleaned === 1,
    };
  };
}

/** Edges one by one whose both ends the filter lets through. */
export function allEdges(store: Store, filter: NodeFilter = {}): Generator<ReadEdge> {
  const limited = Object.values(filter).some((list) => list !== undefined);
  const values = filterValues(store, filter);
  return limited ? store.db.iterate(SELECT_SOME_EDGES, ...values) : store.db.iterate(SELECT_EDGES);
}

/** How many nodes and edges there are. */
export function countGraph(
  store: Store,
  filter: NodeFilter = {},
): { readonly nodes: number; readonly edges: number } {
  const values = filterValues(store, filter);
  const nodes = store.db.get<{ n: number }>(`SELECT count(*) AS n ${FROM}`, ...values);
  const edges = store.db.get<{ n: number }>(
    `SELECT count(*) AS n FROM (${SELECT_SOME_EDGES})`,
    ...values,
  );
  return { nodes: nodes?.n ?? 0, edges: edges?.n ?? 0 };
}

/** Parameters 1 to 4 of {@link WHERE}: lists as JSON, null for no limit. */
export function filterValues(store: Store, filter: NodeFilter): (string | null)[] {
  const { clouds, accounts, regions, kinds } = filter;
  const derived = kinds?.flatMap((kind) =>
    store.kinds.get(kind) === undefined ? [kind] : store.kinds.derived(kind)
  );
  return [clouds, accounts, regions, derived]
    .map((list) => list === undefined ? null : JSON.stringify(list));
}

/** A row of {@link NODE_COLUMNS}. */
export interface NodeRow
  extends Omit<ReadNode, "extras" | "stale" | "phantom" | "protected" | "marked" | "cleaned"> {
  readonly extras: string;
  readonly stale: number;
  readonly protected: number;
  readonly marked: number;
  readonly cleaned: number;
}

function phantomKinds(store: Store): (kind: string) => boolean {
  const known = new Map<string, boolean>();
  return (kind) => {
    const found = known.get(kind) ??
      (store.kinds.get(kind) !== undefined && store.kinds.isPhantom(kind));
    known.set(kind, found);
    return found;
  };
}

/** Conditions of a {@link NodeFilter}, over `p` (places) and `k` (kinds). */
const OF_PLACES = ["p.cloud", "p.account", "p.region"].map(isListed).join(" AND ");
const OF_KINDS = isListed("k.name", 3);

/** Both of them. */
export const WHERE = `${OF_PLACES} AND ${OF_KINDS}`;

function isListed(column: string, index: number): string {
  const list = `?${index + 1}`;
  return `(${list} IS NULL OR ${column} IN (SELECT value FROM json_each(${list})))`;
}

const FROM = `
FROM nodes n CROSS JOIN kinds k ON k.kind = n.kind CROSS JOIN places p ON p.place = n.place
WHERE ${WHERE}`;

/** Columns of a node, for a row `n` of `nodes` with {@link NODE_JOINS}. */
export const NODE_COLUMNS = `
  n.key, n.node_id AS nodeId, k.name AS kind, p.cloud, p.account, p.region, p.zone, n.id,
  s.region AS scopeRegion,
  n.name, n.body, n.extras, n.seen_run IS NOT NULL OR s.seen_run IS NOT s.run AS stale,
  f.started_at AS firstSeenAt, coalesce(n.seen_at, s.seen_at) AS lastSeenAt,
  coalesce(g.protected, 0) AS protected, coalesce(g.marked, 0) AS marked,
  coalesce(g.cleaned_at >= coalesce(n.seen_at, s.seen_at), 0) AS cleaned`;

/** Tables of {@link NODE_COLUMNS} beside `nodes n`. */
export const NODE_JOINS = `
  CROSS JOIN kinds k ON k.kind = n.kind CROSS JOIN places p ON p.place = n.place
  CROSS JOIN scopes s ON s.scope = n.scope CROSS JOIN runs f ON f.run = n.first_run
  LEFT JOIN flags g ON g.kind = k.name AND g.cloud = p.cloud AND g.account = p.account
    AND g.region = p.region AND g.zone = p.zone AND g.id = n.id AND g.twin = n.twin`;

const SELECT_NODES = `
SELECT ${NODE_COLUMNS} FROM nodes n ${NODE_JOINS}
WHERE ${WHERE} ORDER BY n.key`;

const EDGE = `a.node_id AS "from", b.node_id AS "to",
  CASE e.type WHEN 1 THEN 'delete' ELSE 'dependency' END AS type`;

const SELECT_EDGES = `
SELECT ${EDGE} FROM edges e CROSS JOIN nodes a ON a.key = e.from_key
  CROSS JOIN nodes b ON b.key = e.to_key ORDER BY e.from_key, e.to_key, e.type`;

/** Places and kinds are few, nodes are many: each is chosen once, not looked for again. */
const SELECT_SOME_EDGES = `
SELECT ${EDGE} FROM edges e CROSS JOIN nodes a ON a.key = e.from_key
  CROSS JOIN nodes b ON b.key = e.to_key
WHERE ${isChosen("a")} AND ${isChosen("b")} ORDER BY e.from_key, e.to_key, e.type`;

function isChosen(node: string): string {
  return `${node}.place IN (SELECT p.place FROM places p WHERE ${OF_PLACES})
    AND ${node}.kind IN (SELECT k.kind FROM kinds k WHERE ${OF_KINDS})`;
}
