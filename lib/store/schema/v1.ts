/**
 * First schema.
 *
 * - Kinds and places (cloud, account, region, zone) are numbered, so that identities are short.
 * - A node's identity is (kind, place, id, twin); `twin` is the name for kinds that derive from
 *   `region`, where an id alone does not tell two nodes apart, and empty for all others.
 * - `seen_run` and `seen_at` are null while a node was part of its scope's last look. A scope's
 *   `seen_run` differs from its `run` when the last record of it looked at nothing; its nodes are
 *   all stale then, without a write to any of them.
 * - `history` holds nodes as they were before the run that changed or removed them.
 * - A key is never given twice, so it joins `history` to itself over time.
 * - `members` holds the accounts of each complete list, such as an organisation's: only what was
 *   in a list can be missing from it.
 * - An edge's `type` is 0 for `dependency` and 1 for `delete`.
 */
export const SCHEMA_V1 = `
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE runs(
  run INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  started_at TEXT NOT NULL, finished_at TEXT, exit_code INTEGER,
  collectors TEXT NOT NULL, clouds TEXT NOT NULL, version TEXT NOT NULL,
  summary TEXT, pruned INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE scopes(
  scope INTEGER PRIMARY KEY,
  cloud TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, resource TEXT NOT NULL,
  region_id TEXT NOT NULL,
  run INTEGER, seen_run INTEGER, seen_at TEXT, good_run INTEGER, good_at TEXT,
  UNIQUE(cloud, account, region, resource)) STRICT;
CREATE TABLE ledger(
  run INTEGER NOT NULL, scope INTEGER NOT NULL,
  outcome TEXT NOT NULL, faults TEXT NOT NULL, opened_at TEXT NOT NULL, closed_at TEXT NOT NULL,
  nodes INTEGER NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL,
  removed INTEGER NOT NULL, stale INTEGER NOT NULL, duplicates INTEGER NOT NULL,
  PRIMARY KEY(run, scope)) STRICT, WITHOUT ROWID;
CREATE TABLE kinds(kind INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE places(
  place INTEGER PRIMARY KEY,
  cloud TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, zone TEXT NOT NULL,
  UNIQUE(cloud, account, region, zone)) STRICT;
CREATE TABLE nodes(
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, twin TEXT NOT NULL,
  node_id TEXT NOT NULL, name TEXT NOT NULL,
  scope INTEGER NOT NULL, first_run INTEGER NOT NULL, seen_run INTEGER, seen_at TEXT,
  extras TEXT NOT NULL, body TEXT NOT NULL,
  UNIQUE(kind, place, id, twin)) STRICT;
CREATE INDEX nodes_scope ON nodes(scope);
CREATE TABLE history(
  key INTEGER NOT NULL, until_run INTEGER NOT NULL, what TEXT NOT NULL,
  kind INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL, twin TEXT NOT NULL,
  node_id TEXT NOT NULL, name TEXT NOT NULL,
  scope INTEGER NOT NULL, first_run INTEGER NOT NULL,
  extras TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY(key, until_run)) STRICT;
CREATE INDEX history_run ON history(until_run);
CREATE TABLE edges(
  from_key INTEGER NOT NULL, to_key INTEGER NOT NULL, type INTEGER NOT NULL,
  PRIMARY KEY(from_key, to_key, type)) STRICT, WITHOUT ROWID;
CREATE INDEX edges_to ON edges(to_key);
CREATE TABLE flags(
  kind TEXT NOT NULL, cloud TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
  zone TEXT NOT NULL, id TEXT NOT NULL, twin TEXT NOT NULL,
  protected INTEGER NOT NULL DEFAULT 0, marked INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '', changed_at TEXT NOT NULL, log TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY(kind, cloud, account, region, zone, id, twin)) STRICT, WITHOUT ROWID;
CREATE TABLE calls(
  run INTEGER NOT NULL, call TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
  count INTEGER NOT NULL, errors INTEGER NOT NULL, throttles INTEGER NOT NULL,
  retries INTEGER NOT NULL, total_ms REAL NOT NULL, max_ms REAL NOT NULL, waited_ms REAL NOT NULL,
  PRIMARY KEY(run, call, account, region)) STRICT, WITHOUT ROWID;
CREATE TABLE members(
  cloud TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL,
  PRIMARY KEY(cloud, source, account)) STRICT, WITHOUT ROWID;
CREATE TABLE budgets(key TEXT PRIMARY KEY, rate REAL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
