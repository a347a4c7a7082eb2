import type { NodeIdentity, Outcome } from "../model/mod.ts";
import { readExtras } from "./extras_text.ts";
import type { Store } from "./store.ts";

/** A node with everything that a clean-up asks of it. */
export interface CleanRow extends NodeIdentity {
  /** Row number. */
  readonly key: number;
  readonly nodeId: string;
  readonly name: string;
  /** Region name, as in its scope; empty without. */
  readonly regionName: string;
  /** JSON object of the properties without kind, id and name. */
  readonly body: string;
  readonly phantom: boolean;
  readonly protected: boolean;
  readonly marked: boolean;
  readonly reason: string;
  readonly rule: string;
  /** The last record of its scope; undefined when there is none. */
  readonly look: { readonly outcome: Outcome; readonly at: string } | undefined;
  /** It was not part of the last look at its scope. */
  readonly stale: boolean;
}

/** One edge of a node, seen from it. */
export interface CleanEdge {
  /** Row number of the other end. */
  readonly other: number;
  /** `down`: the other one is the child. */
  readonly direction: "up" | "down";
  readonly type: "dependency" | "delete";
}

/** Row numbers of the nodes that are marked, in the order of identities. */
export function markedKeys(store: Store): readonly number[] {
  return store.db.all<{ key: number }>(`${SELECT_FLAGGED} WHERE g.marked ${ORDER}`)
    .map(({ key }) => key);
}

/** Row numbers of the nodes that somebody protects, or whose plugin does. */
export function protectedKeys(store: Store): readonly number[] {
  const flagged = store.db.all<{ key: number }>(`${SELECT_FLAGGED} WHERE g.protected ${ORDER}`);
  const own = store.db.all<{ key: number }>(
    `SELECT key FROM nodes WHERE extras LIKE '%"pr":1%' ORDER BY key`,
  );
  return [...new Set([...flagged, ...own].map(({ key }) => key))];
}

/** One node by its row number. */
export function cleanRow(store: Store, key: number): CleanRow | undefined {
  const row = store.db.get<Row>(`${SELECT_ROW} WHERE n.key = ?`, key);
  return row === undefined ? undefined : toRow(store, row);
}

/** One node by what it is. */
export function findCleanRow(store: Store, of: NodeIdentity): CleanRow | undefined {
  const values = [of.kind, of.cloud, of.account, of.region, of.zone, of.id, of.twin];
  const key = store.db.get<{ key: number }>(FIND_KEY, ...values)?.key;
  return key === undefined ? undefined : cleanRow(store, key);
}

/** Nodes whose node id, id or name is the text. */
export function findNamed(store: Store, text: string): readonly CleanRow[] {
  return store.db.all<{ key: number }>(
    "SELECT key FROM nodes WHERE node_id = ?1 OR id = ?1 OR name = ?1 ORDER BY key",
    text,
  ).flatMap(({ key }) => cleanRow(store, key) ?? []);
}

/** Edges of a node, both ways. */
export function cleanEdges(store: Store, key: number): readonly CleanEdge[] {
  return store.db.all<{ other: number; down: number; type: number }>(SELECT_EDGES, key)
    .map(({ other, down, type }) => ({
      other,
      direction: down === 1 ? "down" : "up",
      type: type === 1 ? "delete" : "dependency",
    }));
}

/** How many nodes of these kinds an account holds. */
export function countOfKinds(
  store: Store,
  cloud: string,
  account: string,
  kinds: readonly string[],
): number {
  const values = [cloud, account, JSON.stringify(kinds)];
  return store.db.get<{ n: number }>(COUNT, ...values)?.n ?? 0;
}

/** The node of an account. */
export function accountRow(store: Store, cloud: string, account: string): CleanRow | undefined {
  const kinds = store.kinds.derived("account");
  const key = store.db.get<{ key: number }>(FIND_ACCOUNT, cloud, account, JSON.stringify(kinds))
    ?.key;
  return key === undefined ? undefined : cleanRow(store, key);
}

interface Row extends Omit<CleanRow, "phantom" | "protected" | "marked" | "stale" | "look"> {
  readonly extras: string;
  readonly protected: number;
  readonly marked: number;
  readonly stale: number;
  readonly outcome: Outcome | null;
  readonly lookedAt: string | null;
}

function toRow(store: Store, row: Row): CleanRow {
  const { outcome, lookedAt, extras, ...facts } = row;
  const { ph, pr } = readExtras(extras);
  const isKnown = store.kinds.get(row.kind) !== undefined;
  return {
    ...facts,
    phantom: ph === 1 || isKnown && store.kinds.isPhantom(row.kind),
    protected: pr === 1 || row.protected === 1,
    marked: row.marked === 1,
    stale: row.stale === 1,
    look: outcome === null || lookedAt === null ? undefined : { outcome, at: lookedAt },
  };
}

const ORDER = "ORDER BY g.kind, g.cloud, g.account, g.region, g.zone, g.id, g.twin";

const SELECT_FLAGGED = `
SELECT n.key FROM flags g CROSS JOIN kinds k ON k.name = g.kind CROSS JOIN places p
  ON p.cloud = g.cloud AND p.account = g.account AND p.region = g.region AND p.zone = g.zone
  CROSS JOIN nodes n ON n.kind = k.kind AND n.place = p.place AND n.id = g.id AND n.twin = g.twin`;

const SELECT_ROW = `
SELECT n.key, n.node_id AS nodeId, k.name AS kind, p.cloud, p.account, p.region, p.zone, n.id,
  n.twin, n.name, s.region AS regionName, n.body, n.extras,
  n.seen_run IS NOT NULL OR s.seen_run IS NOT s.run AS stale,
  l.outcome, l.closed_at AS lookedAt,
  coalesce(g.protected, 0) AS protected, coalesce(g.marked, 0) AS marked,
  coalesce(g.reason, '') AS reason, coalesce(g.rule, '') AS rule
FROM nodes n CROSS JOIN kinds k ON k.kind = n.kind CROSS JOIN places p ON p.place = n.place
  CROSS JOIN scopes s ON s.scope = n.scope
  LEFT JOIN ledger l ON l.run = s.run AND l.scope = s.scope
  LEFT JOIN flags g ON g.kind = k.name AND g.cloud = p.cloud AND g.account = p.account
    AND g.region = p.region AND g.zone = p.zone AND g.id = n.id AND g.twin = n.twin`;

const FIND_KEY = `
SELECT n.key FROM kinds k CROSS JOIN places p CROSS JOIN nodes n
  ON n.kind = k.kind AND n.place = p.place
WHERE (k.name, p.cloud, p.account, p.region, p.zone, n.id, n.twin) = (?, ?, ?, ?, ?, ?, ?)`;

const SELECT_EDGES = `
SELECT to_key AS other, 1 AS down, type FROM edges WHERE from_key = ?1
UNION ALL SELECT from_key, 0, type FROM edges WHERE to_key = ?1 ORDER BY 1, 2, 3`;

const COUNT = `
SELECT count(*) AS n FROM nodes n JOIN places p ON p.place = n.place JOIN kinds k ON k.kind = n.kind
WHERE p.cloud = ? AND p.account = ? AND k.name IN (SELECT value FROM json_each(?))`;

const FIND_ACCOUNT = `
SELECT n.key FROM nodes n JOIN places p ON p.place = n.place JOIN kinds k ON k.kind = n.kind
WHERE p.cloud = ? AND n.id = ? AND k.name IN (SELECT value FROM json_each(?))`;
