import { CkError, StoreError } from "../errors/mod.ts";

type Code = ConstructorParameters<typeof StoreError>[0];

/** SQLite's messages, each with what it means for the user; `node:sqlite` gives no number. */
const MEANINGS: readonly (readonly [RegExp, Code, string])[] = [
  [
    /database or disk is full/,
    "full",
    "Free space on the disk of the store and run again with --resume; closed scopes are kept",
  ],
  [
    /file is not a database/,
    "foreign",
    "Give another file with --store; this one was left as it is",
  ],
  [
    /malformed|corrupt/,
    "damaged",
    "Restore a backup made by `ckworker store backup`, or move the file away to start a new store",
  ],
  [
    /readonly database|read-only/,
    "write",
    "Check the permissions of the store's file and folder",
  ],
  [/unable to open database file/, "open", "Check that the folder exists and may be written"],
  [/database (table )?is locked/, "locked", "Another program writes to the store; try again"],
  [
    /disk I\/O error/,
    "write",
    "The disk refused to read or write; check its space, limits and health",
  ],
];

/** Turns an error of SQLite into a {@link StoreError}; what is not SQLite's stays as it is. */
export function storeFault(thrown: unknown, path: string, doing: string): unknown {
  if (thrown instanceof CkError || !isSqliteError(thrown)) return thrown;
  const meaning = MEANINGS.find(([pattern]) => pattern.test(thrown.message));
  if (meaning === undefined) return thrown;
  const [, code, hint] = meaning;
  return new StoreError(code, `Failed to ${doing} the store "${path}": ${thrown.message}`, {
    context: { subject: path },
    hint,
    cause: thrown,
  });
}

/** Whether a uniqueness rule refused a row. */
export function isConstraintFault(thrown: unknown): boolean {
  return isSqliteError(thrown) && thrown.message.includes("constraint failed");
}

function isSqliteError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ERR_SQLITE_ERROR";
}
