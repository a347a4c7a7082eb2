import { StoreError } from "../errors/mod.ts";
import type { Database } from "./database.ts";

/**
 * Copies a database to a new file that only its owner may read.
 *
 * @throws StoreError when the file exists or cannot be written; no part of it is left
 */
export function copyDatabase(db: Database, file: string): void {
  createNew(file);
  try {
    db.run("VACUUM INTO ?", file);
  } catch (error) {
    Deno.removeSync(file);
    throw error;
  }
}

function createNew(file: string): void {
  try {
    Deno.openSync(file, { createNew: true, write: true, mode: 0o600 }).close();
  } catch (error) {
    const exists = error instanceof Deno.errors.AlreadyExists;
    const why = exists ? "it exists" : error instanceof Error ? error.message : String(error);
    throw new StoreError("open", `Cannot write a copy of the store to "${file}": ${why}`, {
      context: { subject: file },
      hint: exists
        ? "Name a file that does not exist"
        : "Name a file in a folder that may be written",
      cause: error,
    });
  }
}
