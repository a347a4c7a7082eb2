import type { Budget } from "../sdk/mod.ts";
import type { Store } from "./store.ts";

/** Nodes of one kind as they are now, and what a run changed. */
export interface KindTotals {
  readonly kind: string;
  readonly nodes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Kept from earlier runs, because their scope was not conclusively looked at. */
  readonly stale: number;
}

/** Counts the nodes of these clouds per kind, with what the run changed, in order of name. */
export function kindTotals(store: Store, run: string, clouds: readonly string[]): KindTotals[] {
  const list = JSON.stringify(clouds);
  return [...store.db.iterate<KindTotals>(KIND_TOTALS, run, list, list)];
}

/** Every kind that the store has met, whether or not the model still knows it. */
export function storedKinds(store: Store): string[] {
  return store.db.all<{ name: string }>("SELECT name FROM kinds ORDER BY name")
    .map(({ name }) => name);
}

/** Rate budgets that earlier runs learned. */
export function learnedBudgets(store: Store): Budget[] {
  return [...store.db.iterate<Budget>("SELECT key, rate, at FROM budgets ORDER BY key")];
}

/**
 * Key (hex) of the hashes that stand for sensitive values. It belongs to the store, so that hashes
 * of two runs compare and those of two stores do not; made on first use.
 */
export function sensitiveKey(store: Store): string {
  const fresh = [...crypto.getRandomValues(new Uint8Array(32))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return store.db.transaction(() => {
    store.db.run("INSERT OR IGNORE INTO meta(name, value) VALUES ('sensitive_key', ?)", fresh);
    return store.db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'sensitive_key'")
      ?.value ?? fresh;
  });
}

/** Names of nodes by their keys, for messages. */
export function nodeNames(store: Store, keys: readonly number[]): Map<number, string> {
  const rows = store.db.iterate<{ key: number; name: string }>(
    "SELECT key, name FROM nodes WHERE key IN (SELECT value FROM json_each(?))",
    JSON.stringify(keys),
  );
  return new Map([...rows].map(({ key, name }) => [key, name]));
}

const KIND_TOTALS = `
WITH this AS (SELECT run FROM runs WHERE id = ?),
present AS (
  SELECT n.kind, count(*) AS nodes, sum(n.first_run = (SELECT run FROM this)) AS added,
    sum(n.seen_run IS NOT NULL OR s.seen_run IS NOT s.run) AS stale
  FROM nodes n JOIN places p ON p.place = n.place JOIN scopes s ON s.scope = n.scope
  WHERE p.cloud IN (SELECT value FROM json_each(?)) GROUP BY n.kind),
past AS (
  SELECT h.kind, sum(h.what = 'changed') AS changed, sum(h.what = 'removed') AS removed
  FROM history h JOIN places p ON p.place = h.place
  WHERE h.until_run = (SELECT run FROM this) AND p.cloud IN (SELECT value FROM json_each(?))
  GROUP BY h.kind)
SELECT k.name AS kind, coalesce(present.nodes, 0) AS nodes, coalesce(present.added, 0) AS added,
  coalesce(past.changed, 0) AS changed, coalesce(past.removed, 0) AS removed,
  coalesce(present.stale, 0) AS stale
FROM kinds k LEFT JOIN present ON present.kind = k.kind LEFT JOIN past ON past.kind = k.kind
WHERE present.kind IS NOT NULL OR past.kind IS NOT NULL
ORDER BY k.name`;
