import type { Store } from "./store.ts";

/** A list of accounts: an organisation of a cloud. */
export interface AccountSource {
  readonly cloud: string;
  readonly source: string;
}

/** Accounts that the last complete list of a source named. */
export function membersOf(store: Store, { cloud, source }: AccountSource): ReadonlySet<string> {
  const rows = store.db.iterate<{ account: string }>(
    "SELECT account FROM members WHERE cloud = ? AND source = ?",
    cloud,
    source,
  );
  return new Set(Array.from(rows, ({ account }) => account));
}

/** Remembers a complete list in the place of the one before. */
export function rememberMembers(
  store: Store,
  { cloud, source }: AccountSource,
  accounts: Iterable<string>,
): void {
  store.db.transaction(() => {
    store.db.run("DELETE FROM members WHERE cloud = ? AND source = ?", cloud, source);
    store.db.run(
      "INSERT OR IGNORE INTO members SELECT ?, ?, value FROM json_each(?)",
      cloud,
      source,
      JSON.stringify([...accounts]),
    );
  });
}
