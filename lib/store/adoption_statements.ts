// Statements of an adoption: what a core told waits in temporary tables until all of it has come.

export const TABLES = `
DROP TABLE IF EXISTS temp.told;
CREATE TEMP TABLE told(
  told INTEGER PRIMARY KEY, core_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL, cloud TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
  region_name TEXT NOT NULL, zone TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  twin TEXT NOT NULL, node_id TEXT NOT NULL, scope INTEGER NOT NULL,
  below INTEGER NOT NULL DEFAULT 0, protected INTEGER NOT NULL, marked INTEGER NOT NULL,
  extras TEXT NOT NULL, body TEXT NOT NULL) STRICT;
DROP TABLE IF EXISTS temp.told_reference;
CREATE TEMP TABLE told_reference(
  told INTEGER NOT NULL, seq INTEGER NOT NULL, reference TEXT NOT NULL, is_parent INTEGER NOT NULL,
  PRIMARY KEY(told, seq)) STRICT, WITHOUT ROWID;
DROP TABLE IF EXISTS temp.held_id;
CREATE TEMP TABLE held_id(node_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`;

export const DROP_TABLES = `
DROP TABLE IF EXISTS temp.told;
DROP TABLE IF EXISTS temp.told_reference;
DROP TABLE IF EXISTS temp.held_id;`;

/** Nodes of scopes that mirror the core are as good as not held: they are told anew. */
const HELD = "JOIN scopes s ON s.scope = n.scope WHERE NOT s.adopted";

export const FILL_HELD_IDS = `
INSERT OR IGNORE INTO held_id SELECT n.node_id FROM nodes n JOIN places p ON p.place = n.place
${HELD} AND p.cloud = ?`;

export const FIND_HELD = `
SELECT 1 FROM kinds k JOIN places p JOIN nodes n ON n.kind = k.kind AND n.place = p.place
${HELD} AND k.name = ?1 AND p.cloud = ?2 AND p.account = ?3 AND p.region = ?4 AND p.zone = ?5
  AND n.id = ?6 AND n.twin = ?7`;

export const INSERT_TOLD = `
INSERT OR IGNORE INTO told(core_id, kind, cloud, account, region, region_name, zone, id, name, twin,
  node_id, scope, protected, marked, extras, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export const FIND_TOLD = "SELECT * FROM told WHERE core_id = ?";

/** A node hangs below a container of its own place: no reference is needed. */
export const MARK_BELOW = "UPDATE told SET below = 1 WHERE told = ?";

export const INSERT_REFERENCE = `INSERT INTO told_reference VALUES (?, ?, ?, ?)`;

/** Each node to adopt with its references; `scope` is 0 for the others. */
export const SELECT_ADOPTED = `
SELECT t.*, (SELECT json_group_array(json(r.reference)) FROM told_reference r
    WHERE r.told = t.told) AS refs,
  EXISTS (SELECT 1 FROM told_reference r WHERE r.told = t.told AND r.is_parent) AS has_parent
FROM told t WHERE t.scope <> 0 ORDER BY t.told`;

export const UPSERT_NODE = `
INSERT INTO nodes(kind, place, id, twin, node_id, name, scope, first_run, seen_run, seen_at, extras,
  body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11)
ON CONFLICT(kind, place, id, twin) DO UPDATE SET node_id = excluded.node_id, name = excluded.name,
  scope = excluded.scope, seen_run = excluded.seen_run, seen_at = excluded.seen_at,
  extras = excluded.extras, body = excluded.body`;

export const INSERT_FLAG = `
INSERT INTO flags(kind, cloud, account, region, zone, id, twin, protected, marked, reason, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'so at the core', ?) ON CONFLICT DO NOTHING`;

export const ADD_STALE = "UPDATE ledger SET stale = stale + ? WHERE run = ? AND scope = ?";

export const MARK_ADOPTED = "UPDATE scopes SET adopted = 1 WHERE scope = ?";

export const SELECT_SCOPES = `
SELECT s.scope, s.cloud, s.account, s.region, s.resource, s.good_run IS NOT NULL AS good,
  s.good_run IS ?2 AS good_now FROM scopes s WHERE s.cloud = ?1`;

/** What mirrors the core and was not told any more; several cores cannot all be mirrored. */
const LOST = `SELECT n.key FROM nodes n JOIN scopes s ON s.scope = n.scope
  WHERE s.adopted AND s.cloud = ?1 AND n.seen_run <> ?2
    AND NOT EXISTS (SELECT 1 FROM cores WHERE uri <> ?3 OR graph <> ?4)`;

export const DROP_LOST = [
  `DELETE FROM edges WHERE from_key IN (${LOST})`,
  `DELETE FROM edges WHERE to_key IN (${LOST})`,
  `DELETE FROM nodes WHERE key IN (${LOST})`,
] as const;
