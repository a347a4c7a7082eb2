import type { Store } from "./store.ts";

/** Something that must not be. */
export interface StoreProblem {
  /** What is wrong, for people. */
  readonly problem: string;
  /** How many rows. */
  readonly count: number;
}

/** Checks the file's structure and our own rules; nothing is written. Empty when all is well. */
export function checkStore(store: Store): StoreProblem[] {
  const structure = store.db
    .all<{ integrity_check: string }>("PRAGMA integrity_check(20)")
    .map((row) => row.integrity_check)
    .filter((text) => text !== "ok")
    .map((problem) => ({ problem, count: 1 }));
  if (structure.length > 0) return structure;
  return RULES.flatMap(([problem, sql]) => {
    const count = store.db.get<{ n: number }>(`SELECT count(*) AS n ${sql}`)?.n ?? 0;
    return count > 0 ? [{ problem, count }] : [];
  });
}

/** Each rule with the rows that break it. */
const RULES: readonly (readonly [string, string])[] = [
  [
    "edges whose node is missing",
    `FROM edges WHERE from_key NOT IN (SELECT key FROM nodes)
       OR to_key NOT IN (SELECT key FROM nodes)`,
  ],
  ["nodes of no scope", "FROM nodes WHERE scope NOT IN (SELECT scope FROM scopes)"],
  ["nodes of no place", "FROM nodes WHERE place NOT IN (SELECT place FROM places)"],
  ["nodes of no kind", "FROM nodes WHERE kind NOT IN (SELECT kind FROM kinds)"],
  ["nodes of no run", "FROM nodes WHERE first_run NOT IN (SELECT run FROM runs)"],
  [
    "nodes whose properties are no JSON object",
    "FROM nodes WHERE NOT CASE WHEN json_valid(body) THEN json_type(body) = 'object' ELSE 0 END",
  ],
  [
    "records of unknown scopes or runs",
    `FROM ledger WHERE scope NOT IN (SELECT scope FROM scopes)
       OR run NOT IN (SELECT run FROM runs)`,
  ],
  [
    "scopes without their last record",
    `FROM scopes s WHERE NOT EXISTS
       (SELECT 1 FROM ledger l WHERE l.scope = s.scope AND l.run = s.run)`,
  ],
  [
    "former states that end after the last run",
    "FROM history WHERE until_run > (SELECT coalesce(max(run), 0) FROM runs)",
  ],
  [
    "flags whose event log is no JSON list",
    "FROM flags WHERE NOT CASE WHEN json_valid(log) THEN json_type(log) = 'array' ELSE 0 END",
  ],
];
