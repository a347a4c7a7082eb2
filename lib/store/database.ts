import { DatabaseSync, type StatementSync } from "node:sqlite";
import { storeFault } from "./fault.ts";

/** What a statement may be given. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** A function that statements may call. */
export interface DatabaseFunction {
  readonly name: string;
  readonly run: (...values: SqlValue[]) => SqlValue;
}

/** How to open a connection. */
export interface DatabaseOptions {
  readonly path: string;
  readonly readOnly?: boolean;
  /** Opens a file that nobody writes, in a folder that cannot be written. */
  readonly immutable?: boolean;
}

/** One connection: statements prepared once, transactions, faults as `StoreError`. */
export class Database implements Disposable {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #functions = new Set<string>();

  constructor(options: DatabaseOptions) {
    this.path = options.path;
    this.#connection = this.#guard("open", () => connect(options));
  }

  /** Runs statements without parameters. */
  exec(sql: string): void {
    this.#guard("write", () => this.#connection.exec(sql));
  }

  /** Runs one statement; returns the number of rows it changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#guard("write", () => Number(this.#prepare(sql).run(...values).changes));
  }

  /** All rows. The row type states the columns that the statement names. */
  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    // A cast, because only the statement's text knows its columns.
    return this.#guard("read", () => this.#prepare(sql).all(...values) as Row[]);
  }

  /** First row, if any. */
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#guard("read", () => this.#prepare(sql).get(...values) as Row | undefined);
  }

  /** Rows one by one, without holding them; several iterations of one text may overlap. */
  *iterate<Row>(sql: string, ...values: SqlValue[]): Generator<Row, void, undefined> {
    try {
      for (const row of this.#connection.prepare(sql).iterate(...values)) yield row as Row;
    } catch (error) {
      throw storeFault(error, this.path, "read");
    }
  }

  /** Makes functions known to statements; equal arguments have to give equal results. */
  define(functions: readonly DatabaseFunction[]): void {
    for (const { name, run } of functions) {
      if (this.#functions.has(name)) continue;
      this.#connection.function(name, { deterministic: true, varargs: true }, run);
      this.#functions.add(name);
    }
  }

  /** A statement for hot loops; the caller wraps its faults. */
  prepare(sql: string): StatementSync {
    return this.#guard("read", () => this.#prepare(sql));
  }

  /**
   * Runs the work in one transaction: all of it happens or nothing. Inside of another one it is a
   * part of that.
   */
  transaction<Result>(work: () => Result): Result {
    if (this.#connection.isTransaction) return work();
    this.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      this.rollback();
      throw storeFault(error, this.path, "write");
    }
  }

  /** Ends an open transaction, which a full disk may have ended already. */
  rollback(): void {
    if (this.#connection.isTransaction) this.#connection.exec("ROLLBACK");
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<Result>(doing: string, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw storeFault(error, this.path, doing);
    }
  }
}

function connect(options: DatabaseOptions): DatabaseSync {
  const { path, readOnly = false, immutable = false } = options;
  if (!immutable) return new DatabaseSync(path, { readOnly });
  const url = new URL(`file://${encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23")}`);
  url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly });
}
