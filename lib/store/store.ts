import { dirname } from "node:path";
import { StoreError } from "../errors/mod.ts";
import { KindIndex } from "../model/mod.ts";
import { Database } from "./database.ts";
import { APPLICATION_ID, inspectFile, type Inspection } from "./inspect.ts";
import { createPrivate, lockStore, type LockWait } from "./lock.ts";
import { migrate, MIGRATIONS, newestVersion } from "./migrations.ts";
import { networkFileSystem } from "./mounts.ts";
import { StoreRunWriter } from "./run_writer.ts";
import type { RunStart, RunWriter, StoreOptions } from "./types.ts";
import { buildViews } from "./views.ts";

/** How to open a store. */
export interface OpenOptions extends StoreOptions {
  /** `write` creates the file, locks it against other writers and migrates it. */
  readonly mode: "write" | "read";
  /** Wait for another writer; without it a second writer is refused. */
  readonly wait?: LockWait;
}

/**
 * Opens the store; dispose it to give it back.
 *
 * @throws StoreError `locked` (exit code 75), `foreign`, `newer`, `damaged`, `open`; a file that
 *   cannot be used is left as it is
 */
export async function openStore(options: OpenOptions): Promise<Store> {
  if (options.path === ":memory:") {
    return new Store(prepare(new Database(options), options), options);
  }
  return options.mode === "read" ? openToRead(options) : await openToWrite(options);
}

/** An open store. Its functions are in the other files of this folder and take it as a parameter. */
export class Store implements Disposable {
  readonly path: string;
  /** For this folder only. */
  readonly db: Database;
  readonly options: StoreOptions;
  readonly kinds: KindIndex;
  readonly #lock: Disposable | undefined;
  #running = false;

  constructor(db: Database, options: StoreOptions, lock?: Disposable) {
    this.path = options.path;
    this.db = db;
    this.options = options;
    this.kinds = new KindIndex(options.kinds);
    this.#lock = lock;
  }

  /** Starts a run. There is one at a time, and one for each opening of the store. */
  beginRun(start: RunStart): RunWriter {
    if (this.#running) throw new TypeError("A run has already begun in this store");
    this.#running = true;
    const { kinds } = this;
    const { now } = this.options;
    const onEnd = () => {
      this.#running = false;
    };
    return new StoreRunWriter({ db: this.db, start, kinds, now, onEnd });
  }

  [Symbol.dispose](): void {
    this.db.rollback();
    this.db[Symbol.dispose]();
    this.#lock?.[Symbol.dispose]();
  }
}

function openToRead(options: OpenOptions): Store {
  const found = inspectFile(options.path, newestVersion(MIGRATIONS));
  if (found.state !== "store" || found.version === 0) throw nothingThere(options.path);
  const db = openReadOnly(options.path);
  db.exec("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY");
  return new Store(db, options);
}

/** A file in a folder that cannot be written has no shared memory, but then nobody writes it. */
function openReadOnly(path: string): Database {
  const db = new Database({ path, readOnly: true });
  try {
    db.get("SELECT count(*) FROM sqlite_schema");
    return db;
  } catch (error) {
    db[Symbol.dispose]();
    if (error instanceof StoreError && error.code === "store.open") {
      return new Database({ path, readOnly: true, immutable: true });
    }
    throw error;
  }
}

async function openToWrite(options: OpenOptions): Promise<Store> {
  // Before the lock, so that a foreign file does not even get a lock file beside it.
  inspectFile(options.path, newestVersion(MIGRATIONS));
  using stack = new DisposableStack();
  const lock = stack.use(await lockStore(options.path, options.now(), options.wait));
  const found = inspectFile(options.path, newestVersion(MIGRATIONS));
  createPrivate(options.path);
  const db = stack.use(new Database(options));
  if (isNew(found)) claimFile(db);
  db.exec(`PRAGMA journal_mode = ${journalMode(options.path)}`);
  prepare(db, options);
  stack.move();
  return new Store(db, options, lock);
}

function isNew(found: Inspection): boolean {
  return found.state !== "store";
}

/** Marks a new file as ours before anything else, in its header and not in a log beside it. */
function claimFile(db: Database): void {
  db.exec(`PRAGMA page_size = 8192; PRAGMA application_id = ${APPLICATION_ID}`);
}

/** WAL needs shared memory and locks that network file systems do not give. */
function journalMode(path: string): "WAL" | "DELETE" {
  return networkFileSystem(path) === undefined ? "WAL" : "DELETE";
}

function prepare(db: Database, options: StoreOptions): Database {
  if (options.path !== ":memory:") keepTemporaryBeside(db, options.path);
  db.exec(`PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -24576;
    PRAGMA temp_store = FILE; PRAGMA temp.cache_size = -8192;
    PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864`);
  migrate(db, MIGRATIONS);
  buildViews(db, new KindIndex(options.kinds));
  return db;
}

/**
 * Staged lines go to the disk that has to take them anyway, and a root that cannot be written does
 * not matter. SQLite deletes these files as soon as they are open, so that no kill leaves them.
 */
function keepTemporaryBeside(db: Database, path: string): void {
  const folder = dirname(path).replaceAll("'", "''");
  db.exec(`PRAGMA temp_store_directory = '${folder}'`);
}

function nothingThere(path: string): StoreError {
  return new StoreError("open", `There is no store at "${path}"`, {
    context: { subject: path },
    hint: "Make one with `ckworker --once`, or name it with --store",
  });
}
