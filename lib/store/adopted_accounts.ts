import type { Store } from "./store.ts";

/** Accounts of a cloud that no guest ever looked at: all that is known of them came from a core. */
export function adoptedAccounts(store: Store, cloud: string): ReadonlySet<string> {
  const rows = store.db.all<{ account: string }>(
    "SELECT account FROM scopes WHERE cloud = ? AND account <> '' GROUP BY account HAVING min(adopted)",
    cloud,
  );
  return new Set(rows.map(({ account }) => account));
}
