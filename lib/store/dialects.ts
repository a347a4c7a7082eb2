import type { Store } from "./store.ts";

/**
 * Remembers which generation answers at the address of a core.
 * @returns which one answered before; undefined when the core is met for the first time
 */
export function rememberDialect(store: Store, uri: string, dialect: string): string | undefined {
  const before = recallDialect(store, uri);
  const at = store.options.now().toISOString();
  store.db.transaction(() => store.db.run(REMEMBER, uri, dialect, at));
  return before;
}

/** Which generation answered last at an address; undefined when none did. */
export function recallDialect(store: Store, uri: string): string | undefined {
  return store.db.get<{ dialect: string }>(RECALL, uri)?.dialect;
}

const RECALL = "SELECT dialect FROM dialects WHERE uri = ?";

const REMEMBER = `
INSERT INTO dialects(uri, dialect, at) VALUES (?, ?, ?)
ON CONFLICT(uri) DO UPDATE SET dialect = excluded.dialect, at = excluded.at`;
