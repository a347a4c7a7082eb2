import type { Store } from "./store.ts";

/** A text that tells this store from others; made when it is first asked for, so open to write. */
export function storeId({ db }: Store): string {
  db.run("INSERT OR IGNORE INTO meta VALUES ('id', ?)", crypto.randomUUID());
  return db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'id'")?.value ?? "";
}
