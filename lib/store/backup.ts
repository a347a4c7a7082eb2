import { copyDatabase } from "./copy_database.ts";
import type { Store } from "./store.ts";

/**
 * Writes a whole, compact copy of the store to a new file; may run beside a writer.
 *
 * @throws StoreError `open` when the file exists or cannot be made, `full` or `write` when the copy
 *   cannot be finished; no part of it is left
 */
export function backup(store: Store, file: string): void {
  copyDatabase(store.db, file);
}
