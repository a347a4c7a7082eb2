/**
 * Second schema: what is known about cores.
 *
 * - `coverage` holds for each run and cloud what account discovery found: whether it named all
 *   accounts (`complete`), which filters were set (a JSON list), whether a guest broke, so that nobody
 *   knows which scopes it would have opened, and which accounts are known and were not looked at as a
 *   whole (`blind`, a JSON list).
 * - `cores` are graphs at servers. `uploads` holds for each of them and each cloud: when its nodes
 *   were last read into this store (`adopted_run`), the last run that the core took (`accepted_run`,
 *   with the level) or that had nothing for it (`idle_run`), the last run that was made for it
 *   (`due_run`: other runs of the store are none of the core's business), and what went wrong since
 *   (`failed_run`, emptied by a success; `refused` tells that it will go wrong again).
 * - `dialects` holds which generation answered at the address of a core.
 * - `scopes.adopted` is 1 for a scope that no guest ever opened: all that it holds came from a core.
 */
export const SCHEMA_V2 = `
CREATE TABLE coverage(
  run INTEGER NOT NULL, cloud TEXT NOT NULL,
  complete INTEGER NOT NULL, filters TEXT NOT NULL, broken INTEGER NOT NULL,
  blind TEXT NOT NULL,
  PRIMARY KEY(run, cloud)) STRICT, WITHOUT ROWID;
CREATE TABLE cores(
  core INTEGER PRIMARY KEY, uri TEXT NOT NULL, graph TEXT NOT NULL, UNIQUE(uri, graph)) STRICT;
CREATE TABLE uploads(
  core INTEGER NOT NULL, cloud TEXT NOT NULL,
  adopted_run INTEGER, adopted_at TEXT,
  accepted_run INTEGER, accepted_at TEXT, level TEXT,
  idle_run INTEGER, due_run INTEGER,
  failed_run INTEGER, failed_at TEXT, failure TEXT, refused INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(core, cloud)) STRICT, WITHOUT ROWID;
CREATE TABLE dialects(
  uri TEXT PRIMARY KEY, dialect TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
ALTER TABLE scopes ADD COLUMN adopted INTEGER NOT NULL DEFAULT 0;
`;
