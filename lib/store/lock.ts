import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { StoreError } from "../errors/mod.ts";
import { Database } from "./database.ts";

/** How to wait for a lock that another process holds. */
export interface LockWait {
  readonly signal: AbortSignal;
  /** Told once, before waiting, who holds the lock. */
  readonly onWait?: (holder: string) => void;
}

const POLL_MS = 200;

/**
 * Holds `<store>.lock` for this process until disposed.
 *
 * The lock is SQLite's own lock on a small file, which the operating system gives back when the
 * process ends in whatever way; the row in the file only tells people who holds it.
 *
 * @throws StoreError `locked` when another process holds it and there is no `wait`
 * @throws the signal's reason when the wait for it is aborted
 */
export async function lockStore(path: string, now: Date, wait?: LockWait): Promise<Disposable> {
  const file = `${realPath(path)}.lock`;
  let told = false;
  for (;;) {
    const lock = tryLock(file, now);
    if (lock !== undefined) return lock;
    const holder = holderOf(file);
    if (wait === undefined) throw locked(path, holder);
    if (!told) wait.onWait?.(holder);
    told = true;
    await delay(POLL_MS, undefined, { signal: wait.signal })
      .catch(() => wait.signal.throwIfAborted());
  }
}

/** One store has one lock, by whatever links it is reached. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

function tryLock(file: string, now: Date): Disposable | undefined {
  createPrivate(file);
  const db = new Database({ path: file });
  try {
    db.exec("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
    db.exec("CREATE TABLE IF NOT EXISTS holder(pid INTEGER, host TEXT, since TEXT)");
    db.exec("DELETE FROM holder");
    db.run("INSERT INTO holder VALUES (?, ?, ?)", Deno.pid, hostname(), now.toISOString());
    db.exec("COMMIT; BEGIN IMMEDIATE");
    return db;
  } catch (error) {
    db[Symbol.dispose]();
    if (error instanceof StoreError && error.code === "store.locked") return undefined;
    throw error;
  }
}

function holderOf(file: string): string {
  using db = new Database({ path: file, readOnly: true });
  db.exec("PRAGMA busy_timeout = 1000");
  const told = db.get("SELECT 1 FROM sqlite_schema WHERE name = 'holder'") !== undefined;
  const row = told
    ? db.get<{ pid: number; host: string; since: string }>("SELECT * FROM holder")
    : undefined;
  return row === undefined
    ? "another process"
    : `process ${row.pid} on ${row.host} since ${row.since}`;
}

function locked(path: string, holder: string): StoreError {
  return new StoreError("locked", `The store "${path}" is in use by ${holder}`, {
    context: { subject: path },
    hint: "Wait for it with --wait, or give another file with --store",
  });
}

/** Creates a file that only its owner may read, before SQLite would create it for all. */
export function createPrivate(path: string): void {
  try {
    Deno.openSync(path, { createNew: true, write: true, mode: 0o600 }).close();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    throw new StoreError("open", `Cannot create "${path}": ${reason(error)}`, {
      context: { subject: path },
      hint: "Give a file in a folder that exists and may be written with --store",
      cause: error,
    });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
