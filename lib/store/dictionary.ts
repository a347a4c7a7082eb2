import type { Database } from "./database.ts";

/** A table of numbered texts, for instance all places: each row a number and its parts. */
interface DictionaryTable {
  readonly table: string;
  readonly number: string;
  readonly parts: readonly string[];
}

/**
 * Numbers for texts, given in memory and written with the transaction that first needs them. There
 * is one writer, so the next free number is known.
 */
export class Dictionary {
  readonly #db: Database;
  readonly #insert: string;
  readonly #numbers = new Map<string, number>();
  #pending: (readonly [number, readonly string[]])[] = [];
  #next: number;

  constructor(db: Database, { table, number, parts }: DictionaryTable) {
    this.#db = db;
    this.#insert = `INSERT INTO ${table}(${[number, ...parts].join(", ")}) VALUES (${
      [number, ...parts].map(() => "?").join(", ")
    })`;
    const rows = db.all<Record<string, string | number>>(`SELECT * FROM ${table}`);
    for (const row of rows) {
      this.#numbers.set(textOf(parts.map((part) => String(row[part]))), Number(row[number]));
    }
    this.#next = 1 + rows.reduce((max, row) => Math.max(max, Number(row[number])), 0);
  }

  /** The text's number; a new one is written by the next {@link flush}. */
  numberOf(...parts: readonly string[]): number {
    const text = textOf(parts);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#numbers.set(text, number);
    this.#pending.push([number, parts]);
    return number;
  }

  /** Writes new numbers; to be called inside a transaction, followed by {@link settled}. */
  flush(): void {
    for (const [number, parts] of this.#pending) this.#db.run(this.#insert, number, ...parts);
  }

  /** Tells that the transaction of the last {@link flush} was committed. */
  settled(): void {
    if (this.#pending.length > 0) this.#pending = [];
  }
}

/** Kinds, numbered. */
export const KINDS: DictionaryTable = { table: "kinds", number: "kind", parts: ["name"] };

/** Places, numbered. */
export const PLACES: DictionaryTable = {
  table: "places",
  number: "place",
  parts: ["cloud", "account", "region", "zone"],
};

function textOf(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0] ?? "" : JSON.stringify(parts);
}
