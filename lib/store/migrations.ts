import { StoreError } from "../errors/mod.ts";
import { copyDatabase } from "./copy_database.ts";
import type { Database } from "./database.ts";
import { SCHEMA_V1 } from "./schema/v1.ts";
import { SCHEMA_V2 } from "./schema/v2.ts";
import { SCHEMA_V3 } from "./schema/v3.ts";

/** One step to a schema version. Released steps never change. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** All steps, in order; the last is the schema that this program writes. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: SCHEMA_V1 },
  { version: 2, sql: SCHEMA_V2 },
  { version: 3, sql: SCHEMA_V3 },
];

/** The newest schema among the steps. */
export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * Brings a store to the newest schema, in one transaction. A store that holds data is copied first,
 * to `<store>.v<version>`.
 *
 * @throws StoreError `migration`; the store is as it was
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  const version = db.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
  const steps = migrations.filter((step) => step.version > version);
  if (steps.length === 0) return;
  if (version > 0) copyBefore(db, version);
  try {
    db.transaction(() => {
      for (const step of steps) db.exec(`${step.sql}; PRAGMA user_version = ${step.version};`);
    });
  } catch (error) {
    throw new StoreError("migration", `Cannot bring the store "${db.path}" to a new schema`, {
      context: { subject: db.path },
      hint: `It is unchanged; a copy is in "${copyPath(db.path, version)}"`,
      cause: error,
    });
  }
}

function copyBefore(db: Database, version: number): void {
  const copy = copyPath(db.path, version);
  try {
    Deno.removeSync(copy);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  copyDatabase(db, copy);
}

function copyPath(path: string, version: number): string {
  return `${path}.v${version}`;
}
