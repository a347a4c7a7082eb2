import type { Store } from "./store.ts";

/** How far a node of a plan is: begun with, or decided for good or for this time. */
export interface JournalRow {
  /** Text of the node's identity. */
  readonly node: string;
  readonly state: string;
  /** JSON data of whoever wrote it. */
  readonly detail: string;
  /** ISO time. */
  readonly at: string;
}

/** What is known of the plan with this hash. */
export function readJournal(store: Store, plan: string): readonly JournalRow[] {
  return store.db.all<JournalRow>(
    "SELECT node, state, detail, at FROM cleanups WHERE plan = ? ORDER BY node",
    plan,
  );
}

/** Remembers how far a node of a plan is; it is on the disk when this returns. */
export function writeJournal(
  store: Store,
  plan: string,
  { node, state, detail }: Omit<JournalRow, "at">,
): void {
  const at = store.options.now().toISOString();
  store.db.run(
    "INSERT OR REPLACE INTO cleanups VALUES (?, ?, ?, ?, ?)",
    plan,
    node,
    state,
    detail,
    at,
  );
}

/** Forgets plans that nothing happened to since. */
export function pruneJournal(store: Store, before: Date): void {
  store.db.run(
    "DELETE FROM cleanups WHERE plan NOT IN (SELECT plan FROM cleanups WHERE at >= ?)",
    before.toISOString(),
  );
}
