import { StoreError } from "../errors/mod.ts";
import { Database } from "./database.ts";

/** `application_id` of our files: the letters `ckwk`. */
export const APPLICATION_ID = 0x636b776b;

/** What a path holds. */
export type Inspection =
  | { readonly state: "absent" | "empty" }
  /** Version 0: created but killed before it had a schema. */
  | { readonly state: "store"; readonly version: number };

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;

/**
 * Finds out what a file is without writing to it.
 *
 * @throws StoreError `foreign`, `newer`, `damaged` or `open`; the file is left as it is
 */
export function inspectFile(path: string, newest: number): Inspection {
  const header = readHeader(path);
  if (header === undefined) return { state: "absent" };
  if (header.length === 0) return { state: "empty" };
  const version = versionOf(path, header);
  refuseTruncated(path, header);
  const current = Math.max(version, versionInLog(path) ?? version);
  if (current > newest) throw newer(path, current, newest);
  return { state: "store", version: current };
}

function readHeader(path: string): Uint8Array | undefined {
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    if (!isFile) throw unusable(path, isDirectory ? "it is a folder" : "it is no file");
    using file = Deno.openSync(path);
    const buffer = new Uint8Array(HEADER_BYTES);
    return buffer.subarray(0, file.readSync(buffer) ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof StoreError || !(error instanceof Error)) throw error;
    throw unusable(path, error.message, error);
  }
}

/** The schema version in the header: bytes 60 to 63; the application's id is in bytes 68 to 71. */
function versionOf(path: string, header: Uint8Array): number {
  const magic = new TextDecoder("latin1").decode(header.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw foreign(path, "it is no SQLite file");
  if (header.length < HEADER_BYTES) throw damaged(path, "its header is cut off");
  const view = new DataView(header.buffer);
  if (view.getUint32(68) !== APPLICATION_ID) {
    throw foreign(path, "it is a SQLite file of another program");
  }
  return view.getUint32(60);
}

/** Without a write-ahead log the header tells how many pages the file must hold. */
function refuseTruncated(path: string, header: Uint8Array): void {
  if (exists(`${path}-wal`)) return;
  const view = new DataView(header.buffer);
  const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  const bytes = view.getUint32(28) * pageSize;
  const size = Deno.statSync(path).size;
  if (size < bytes) throw damaged(path, `it holds ${size} of ${bytes} bytes`);
}

/** The version that a write-ahead log of a killed program may hold. */
function versionInLog(path: string): number | undefined {
  if (!exists(`${path}-wal`)) return undefined;
  using db = new Database({ path, readOnly: true });
  return db.get<{ user_version: number }>("PRAGMA user_version")?.user_version;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function foreign(path: string, why: string): StoreError {
  return new StoreError("foreign", `Cannot use "${path}" as the store: ${why}`, {
    context: { subject: path },
    hint: "Give another file with --store; this one was left as it is",
  });
}

function damaged(path: string, why: string): StoreError {
  return new StoreError("damaged", `The store "${path}" is damaged: ${why}`, {
    context: { subject: path },
    hint: "Restore a backup, or move the file away to start a new store; it was left as it is",
  });
}

function newer(path: string, version: number, newest: number): StoreError {
  return new StoreError(
    "newer",
    `The store "${path}" was written by a newer ckworker: schema ${version}, known up to ${newest}`,
    {
      context: { subject: path },
      hint: "Update ckworker, or give another file with --store; this one was left as it is",
    },
  );
}

function unusable(path: string, why: string, cause?: Error): StoreError {
  return new StoreError("open", `Cannot open the store "${path}": ${why}`, {
    context: { subject: path },
    hint: "Give a file that may be read and written with --store",
    cause,
  });
}
