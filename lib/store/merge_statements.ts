// Statements of a merge: over the staged lines, the nodes, and the tables that live for one run.

export const TABLES = `
DROP TABLE IF EXISTS temp.hit;
CREATE TEMP TABLE hit(
  line INTEGER PRIMARY KEY, key INTEGER, owner INTEGER, differs INTEGER, stale INTEGER);
DROP TABLE IF EXISTS temp.fresh;
CREATE TEMP TABLE fresh(rank INTEGER PRIMARY KEY, line INTEGER);
DROP TABLE IF EXISTS temp.sent;
CREATE TEMP TABLE sent(key INTEGER PRIMARY KEY, seq INTEGER);
DROP TABLE IF EXISTS temp.claim;
CREATE TEMP TABLE claim(
  line INTEGER PRIMARY KEY, key INTEGER, scope INTEGER, UNIQUE(scope, key));
DROP TABLE IF EXISTS temp.absent;
CREATE TEMP TABLE absent(key INTEGER PRIMARY KEY);
DROP TABLE IF EXISTS temp.gone;
CREATE TEMP TABLE gone(kind INTEGER, place INTEGER, id TEXT, twin TEXT, key INTEGER,
  PRIMARY KEY(kind, place, id, twin)) WITHOUT ROWID;`;

const IN_RANGE = "line >= ? AND line < ?";

export const FIND_KNOWN = `
INSERT INTO hit SELECT s.line, n.key, n.scope,
  n.body IS NOT s.body OR n.name IS NOT s.name OR n.extras IS NOT s.extras OR
    n.node_id IS NOT s.node_id,
  n.seen_run IS NOT NULL
FROM stage s LEFT JOIN nodes n
  ON n.kind = s.kind AND n.place = s.place AND n.id = s.id AND n.twin = s.twin
WHERE ${IN_RANGE}`;

export const FIND_KEEPS = `
SELECT s.line, n.key, s.keep, n.extras AS stored, s.extras FROM stage s JOIN nodes n
  ON n.kind = s.kind AND n.place = s.place AND n.id = s.id AND n.twin = s.twin
WHERE ${IN_RANGE} AND s.keep IS NOT NULL`;

export const KEEP_PROPERTY = `
UPDATE stage SET body = json_set(stage.body, ?3, json(n.body -> ?3)) FROM nodes n
WHERE stage.line = ?1 AND n.key = ?2 AND n.body -> ?3 IS NOT NULL`;

/** The node id goes with the name. */
export const KEEP_NAME = `
UPDATE stage SET name = n.name, node_id = n.node_id FROM nodes n
WHERE stage.line = ?1 AND n.key = ?2`;

export const FIND_FOREIGN = `
SELECT h.line, h.key, h.owner, h.differs, t.key IS NOT NULL AS sent
FROM hit h LEFT JOIN sent t ON t.key = h.key
WHERE h.owner <> ?`;

const PAIR = `
n.key, s.line, k.name AS kind, n.first_run, n.name, s.name AS new_name,
n.extras, s.extras AS new_extras, n.body, s.body AS new_body`;

export const FIND_DIFFERENT = `
SELECT ${PAIR} FROM hit h CROSS JOIN nodes n ON n.key = h.key
  CROSS JOIN stage s ON s.line = h.line CROSS JOIN kinds k ON k.kind = n.kind
WHERE h.key IS NOT NULL AND (h.differs OR h.owner <> ?)`;

export const FIND_CLAIMS = `
SELECT ${PAIR}, c.scope AS claimant, c.key IN (SELECT key FROM sent) AS sent FROM claim c
  CROSS JOIN nodes n ON n.key = c.key
  CROSS JOIN stage s ON s.line = c.line CROSS JOIN kinds k ON k.kind = n.kind`;

export const UNSTALE = `
UPDATE nodes SET seen_run = NULL, seen_at = NULL
WHERE key IN (SELECT key FROM hit WHERE stale AND key IS NOT NULL)`;

const PAST = "kind, place, id, twin, node_id, name, scope, first_run, extras, body";

export const KEEP_CHANGED = `
INSERT OR IGNORE INTO history(key, until_run, what, ${PAST})
SELECT key, ?, 'changed', ${PAST} FROM nodes WHERE key = ?`;

/** A node that was changed and then removed in one run is removed, with its first content. */
export const KEEP_REMOVED = `
INSERT INTO history(key, until_run, what, ${PAST})
SELECT key, ?1, 'removed', ${PAST} FROM nodes
WHERE key IN (SELECT key FROM absent) AND first_run < ?1
ON CONFLICT(key, until_run) DO UPDATE SET what = 'removed'`;

export const REMEMBER_GONE = `
INSERT OR REPLACE INTO gone SELECT kind, place, id, twin, key FROM nodes
WHERE key IN (SELECT key FROM absent) AND first_run < ?`;

export const FIND_GONE = `
SELECT DISTINCT g.key FROM stage s JOIN gone g
  ON g.kind = s.kind AND g.place = s.place AND g.id = s.id AND g.twin = s.twin
WHERE ${IN_RANGE}`;

export const REVIVE = `
INSERT INTO nodes(key, ${PAST}) SELECT key, ${PAST} FROM history WHERE key = ? AND until_run = ?`;

export const REMOVE = `
DELETE FROM edges WHERE from_key IN (SELECT key FROM absent);
DELETE FROM edges WHERE to_key IN (SELECT key FROM absent);
DELETE FROM nodes WHERE key IN (SELECT key FROM absent);`;

export const REPLACE = `
UPDATE nodes SET (scope, node_id, name, extras, body, seen_run, seen_at) =
  (SELECT ?, node_id, name, extras, body, NULL, NULL FROM stage WHERE line = ?)
WHERE key = ?`;

export const INSERT_FRESH = `
INSERT INTO nodes(key, kind, place, id, twin, node_id, name, scope, first_run, extras, body)
SELECT ? + f.rank, s.kind, s.place, s.id, s.twin, s.node_id, s.name, ?, ?, s.extras, s.body
FROM fresh f CROSS JOIN stage s ON s.line = f.line ORDER BY f.rank`;

export const FRESH_ALL = `INSERT INTO fresh(line) SELECT line FROM stage WHERE ${IN_RANGE}`;

export const FIND_ABSENT = `
INSERT INTO absent SELECT n.key FROM nodes n
WHERE n.scope = ? AND NOT EXISTS (SELECT 1 FROM sent t WHERE t.key = n.key)`;

/** Nodes that were stale before keep the time they were last seen. */
export const MARK_STALE = `
UPDATE nodes SET (seen_run, seen_at) = (SELECT seen_run, seen_at FROM scopes WHERE scope = ?1)
WHERE key IN (SELECT key FROM absent) AND seen_run IS NULL`;

const DUPLICATES = "PARTITION BY kind, place, id, twin";

export const DROP_DUPLICATES = `
DELETE FROM stage WHERE line IN (SELECT line FROM (
  SELECT line, row_number() OVER (${DUPLICATES} ORDER BY body, name, extras, line) AS place
  FROM stage WHERE ${IN_RANGE}) WHERE place > 1)`;

export const COUNT_DIFFERENT = `
SELECT count(*) AS n FROM (
  SELECT body || name || extras AS text,
    first_value(body || name || extras)
      OVER (${DUPLICATES} ORDER BY body, name, extras, line) AS first
  FROM stage WHERE ${IN_RANGE}) WHERE text <> first`;
