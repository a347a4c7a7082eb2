import type { Database } from "./database.ts";
import type { StoredEdge } from "./types.ts";

/** Edges that one statement inserts; more costs more to bind than it saves. */
const BATCH = 64;

/**
 * Replaces the edges among the clouds' nodes by the given ones; only differences are written. An edge
 * to another cloud stays: only a run that knows both ends can tell whether it still holds.
 */
export function writeEdges(
  db: Database,
  clouds: readonly string[],
  edges: Iterable<StoredEdge>,
): { readonly edges: number; readonly added: number; readonly removed: number } {
  const names = JSON.stringify(clouds);
  const mine = coversAll(db, names) ? "?1 IS NOT NULL" : OF_CLOUDS;
  const before = count(db, `SELECT count(*) AS n FROM edges WHERE ${mine}`, names);
  if (before === 0) return db.transaction(() => insertFirst(db, edges));
  db.exec(SCRATCH);
  try {
    return db.transaction(() => {
      gather(db, edges, "new_edge");
      const total = count(db, "SELECT count(*) AS n FROM new_edge");
      const same = count(db, COUNT_SAME);
      const removed = same < before ? db.run(`${REMOVE} AND ${mine}`, names) : 0;
      const added = same < total ? db.run(ADD) : 0;
      return { edges: total, added, removed };
    });
  } finally {
    db.exec("DROP TABLE temp.new_edge");
  }
}

/** With nothing to compare to, the edges go straight to their place. */
function insertFirst(db: Database, edges: Iterable<StoredEdge>) {
  const added = gather(db, edges, "edges");
  return { edges: added, added, removed: 0 };
}

/** Inserts into a table of edges, each once; returns how many. */
function gather(db: Database, edges: Iterable<StoredEdge>, table: string): number {
  const values: number[] = [];
  const full = insertSql(table, BATCH);
  let inserted = 0;
  for (const { from, to, type } of edges) {
    values.push(from, to, type === "delete" ? 1 : 0);
    if (values.length === BATCH * 3) inserted += db.run(full, ...values.splice(0));
  }
  if (values.length > 0) inserted += db.run(insertSql(table, values.length / 3), ...values);
  return inserted;
}

function count(db: Database, sql: string, ...values: string[]): number {
  return db.get<{ n: number }>(sql, ...values)?.n ?? 0;
}

function insertSql(table: string, rows: number): string {
  return `INSERT OR IGNORE INTO ${table} VALUES ${Array(rows).fill("(?, ?, ?)").join(", ")}`;
}

/** Whether no other cloud has nodes here, so that no edge has to be asked for its cloud. */
function coversAll(db: Database, clouds: string): boolean {
  return db.get(OTHER_CLOUD, clouds) === undefined;
}

/** In the file of the staged lines: one that is attached needs rights that a run has given up. */
const SCRATCH = `
CREATE TEMP TABLE new_edge(
  from_key INTEGER NOT NULL, to_key INTEGER NOT NULL, type INTEGER NOT NULL,
  PRIMARY KEY(from_key, to_key, type)) WITHOUT ROWID`;

const OTHER_CLOUD = `
SELECT 1 FROM places WHERE cloud NOT IN (SELECT value FROM json_each(?)) LIMIT 1`;

const COUNT_SAME = `
SELECT count(*) AS n FROM new_edge w CROSS JOIN edges e
  ON e.from_key = w.from_key AND e.to_key = w.to_key AND e.type = w.type`;

const NODES_OF_CLOUDS = `SELECT n.key FROM nodes n JOIN places p ON p.place = n.place
  WHERE p.cloud IN (SELECT value FROM json_each(?1))`;

/** `?1` is the list of clouds, also where it is not used. */
const OF_CLOUDS = `from_key IN (${NODES_OF_CLOUDS}) AND to_key IN (${NODES_OF_CLOUDS})`;

const REMOVE = `DELETE FROM edges WHERE ?1 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM new_edge w
  WHERE w.from_key = edges.from_key AND w.to_key = edges.to_key AND w.type = edges.type)`;

const ADD = `INSERT OR IGNORE INTO edges SELECT * FROM new_edge w WHERE NOT EXISTS (
  SELECT 1 FROM edges e
  WHERE e.from_key = w.from_key AND e.to_key = w.to_key AND e.type = w.type)`;
