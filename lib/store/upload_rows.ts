import type { Store } from "./store.ts";

/** What a run found out about the scopes of one region, or of an account or cloud without region. */
export interface LedgerTotals {
  readonly cloud: string;
  /** Empty for scopes of the whole cloud. */
  readonly account: string;
  /** Region name; empty for scopes of the whole account. */
  readonly region: string;
  readonly scopes: number;
  readonly conclusive: number;
  readonly gone: number;
  readonly skipped: number;
}

/** Numbers by which rows tell their kind, place and scope. */
export interface RowPosition {
  readonly key: number;
  readonly kind: number;
  readonly place: number;
  readonly scope: number;
}

/** Position of an edge's two ends, with their node ids. */
export interface UploadEdgeRow {
  readonly fromKey: number;
  readonly fromKind: number;
  readonly fromPlace: number;
  readonly fromScope: number;
  readonly fromId: string;
  readonly toKey: number;
  readonly toKind: number;
  readonly toPlace: number;
  readonly toScope: number;
  readonly toId: string;
  /** 1 for `delete`. */
  readonly type: number;
}

/** A node with everything that an upload says of it. */
export interface UploadNodeRow extends RowPosition {
  readonly nodeId: string;
  readonly kindName: string;
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  readonly extras: string;
  readonly body: string;
  readonly protected: number;
  readonly marked: number;
}

/** What the numbers of {@link RowPosition} stand for. */
export interface Numbering {
  readonly kinds: ReadonlyMap<number, string>;
  readonly places: ReadonlyMap<
    number,
    { readonly cloud: string; readonly account: string; readonly zone: string }
  >;
  readonly scopes: ReadonlyMap<
    number,
    { readonly cloud: string; readonly account: string; readonly region: string }
  >;
}

/** The ledger of a run added up, without the scopes of the clouds' own nodes. */
export function ledgerTotals(
  store: Store,
  run: string,
  clouds: readonly string[],
): readonly LedgerTotals[] {
  return store.db.all<LedgerTotals>(SELECT_TOTALS, run, JSON.stringify(clouds));
}

/** All kinds, places and scopes by number. */
export function readNumbering({ db }: Store): Numbering {
  const kinds = db.all<{ kind: number; name: string }>("SELECT kind, name FROM kinds");
  const places = db.all<{ place: number; cloud: string; account: string; zone: string }>(
    "SELECT place, cloud, account, zone FROM places",
  );
  const scopes = db.all<{ scope: number; cloud: string; account: string; region: string }>(
    "SELECT scope, cloud, account, region FROM scopes",
  );
  return {
    kinds: new Map(kinds.map(({ kind, name }) => [kind, name])),
    places: new Map(places.map(({ place, ...rest }) => [place, rest])),
    scopes: new Map(scopes.map(({ scope, ...rest }) => [scope, rest])),
  };
}

/** The largest row number of a node. */
export function largestKey({ db }: Store): number {
  return db.get<{ n: number }>("SELECT coalesce(max(key), 0) AS n FROM nodes")?.n ?? 0;
}

/** Positions of all nodes of these scopes. */
export function positions(store: Store, scopes: readonly number[]): Iterable<RowPosition> {
  return store.db.iterate<RowPosition>(SELECT_POSITIONS, JSON.stringify(scopes));
}

/** Nodes of kinds, given by number. */
export function nodesOfKinds(store: Store, kinds: readonly number[]): Iterable<UploadNodeRow> {
  return store.db.iterate<UploadNodeRow>(
    `${SELECT_NODES} WHERE n.kind IN (SELECT value FROM json_each(?)) ORDER BY n.key`,
    JSON.stringify(kinds),
  );
}

/** Nodes of these scopes, scope by scope, each in the order of their rows. */
export function nodesOfScopes(store: Store, scopes: readonly number[]): Iterable<UploadNodeRow> {
  return store.db.iterate<UploadNodeRow>(
    `${SELECT_NODES} WHERE n.scope IN (SELECT value FROM json_each(?))`,
    JSON.stringify(scopes),
  );
}

export function nodeOfKey({ db }: Store, key: number): UploadNodeRow | undefined {
  return db.get<UploadNodeRow>(`${SELECT_NODES} WHERE n.key = ?`, key);
}

/** Every edge with the positions of its ends. */
export function allEdgeRows({ db }: Store): Iterable<UploadEdgeRow> {
  return db.iterate<UploadEdgeRow>(
    `${SELECT_EDGES} FROM edges e CROSS JOIN nodes a ON a.key = e.from_key
     CROSS JOIN nodes b ON b.key = e.to_key`,
  );
}

/** Edges that start at nodes of these scopes. */
export function edgesFrom({ db }: Store, scopes: readonly number[]): Iterable<UploadEdgeRow> {
  return db.iterate<UploadEdgeRow>(
    `${SELECT_EDGES} FROM nodes a CROSS JOIN edges e ON e.from_key = a.key
     CROSS JOIN nodes b ON b.key = e.to_key WHERE a.scope IN (SELECT value FROM json_each(?))`,
    JSON.stringify(scopes),
  );
}

/** Edges that end at nodes of these scopes. */
export function edgesTo({ db }: Store, scopes: readonly number[]): Iterable<UploadEdgeRow> {
  return db.iterate<UploadEdgeRow>(
    `${SELECT_EDGES} FROM nodes b CROSS JOIN edges e ON e.to_key = b.key
     CROSS JOIN nodes a ON a.key = e.from_key WHERE b.scope IN (SELECT value FROM json_each(?))`,
    JSON.stringify(scopes),
  );
}

const SELECT_TOTALS = `
SELECT s.cloud, s.account, s.region, count(*) AS scopes,
  sum(l.outcome IN ('complete', 'partial', 'unsupported', 'gone')) AS conclusive,
  sum(l.outcome = 'gone') AS gone, sum(l.outcome = 'skipped') AS skipped
FROM ledger l JOIN scopes s ON s.scope = l.scope
WHERE l.run = (SELECT run FROM runs WHERE id = ?1)
  AND s.cloud IN (SELECT value FROM json_each(?2)) AND NOT (s.account = '' AND s.resource = 'cloud')
GROUP BY s.cloud, s.account, s.region ORDER BY s.cloud, s.account, s.region`;

const SELECT_POSITIONS = `
SELECT n.key, n.kind, n.place, n.scope FROM nodes n
WHERE n.scope IN (SELECT value FROM json_each(?))`;

const SELECT_NODES = `
SELECT n.key, n.kind, n.place, n.scope, n.node_id AS nodeId, k.name AS kindName,
  p.cloud, p.account, p.region, p.zone, n.id, n.name, n.extras, n.body,
  coalesce(g.protected, 0) AS protected, coalesce(g.marked, 0) AS marked
FROM nodes n CROSS JOIN kinds k ON k.kind = n.kind CROSS JOIN places p ON p.place = n.place
  LEFT JOIN flags g ON g.kind = k.name AND g.cloud = p.cloud AND g.account = p.account
    AND g.region = p.region AND g.zone = p.zone AND g.id = n.id AND g.twin = n.twin`;

const SELECT_EDGES = `
SELECT a.key AS fromKey, a.kind AS fromKind, a.place AS fromPlace, a.scope AS fromScope,
  a.node_id AS fromId, b.key AS toKey, b.kind AS toKind, b.place AS toPlace, b.scope AS toScope,
  b.node_id AS toId, e.type`;
