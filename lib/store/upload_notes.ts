import type { Store } from "./store.ts";

/** Adds what became of a run's upload to the summary of the run. */
export function noteUpload(store: Store, run: string, upload: unknown): void {
  store.db.transaction(() => store.db.run(ADD_UPLOAD, JSON.stringify(upload), run));
}

/**
 * Makes everything that is read from the store be as it is now, until disposed. Writers of other
 * connections go on where the store is in WAL mode, which it is but on network file systems.
 */
export function readSnapshot({ db }: Store): Disposable {
  db.exec("BEGIN");
  // A transaction begins with its first look.
  db.get("SELECT 1 FROM runs LIMIT 1");
  return { [Symbol.dispose]: () => db.rollback() };
}

const ADD_UPLOAD = `
UPDATE runs SET summary = json_set(summary, '$.upload', json(?)) WHERE id = ? AND summary IS NOT NULL`;
