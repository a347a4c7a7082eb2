import type { StatementSync } from "node:sqlite";
import { GraphError } from "../errors/mod.ts";
import type { Database } from "./database.ts";
import { extrasText } from "./extras_text.ts";
import { storeFault } from "./fault.ts";
import type { StagedNode } from "./types.ts";

/** Lines of one open scope: `from ≤ line < to`. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Lines of one scope are numbered from `slot × SLOT_SIZE`, in the order of their `seq`. */
export const SLOT_SIZE = 2 ** 32;

const TABLES = `
DROP TABLE IF EXISTS temp.stage;
CREATE TEMP TABLE stage(
  line INTEGER PRIMARY KEY, kind INTEGER NOT NULL, place INTEGER NOT NULL,
  id TEXT NOT NULL, twin TEXT NOT NULL, node_id TEXT NOT NULL, name TEXT NOT NULL,
  extras TEXT NOT NULL, keep TEXT, body TEXT NOT NULL) STRICT;`;

/**
 * Lines on their way into the store, in a temporary file beside it: nothing is held in memory, and
 * a process that is killed leaves no trace of them.
 */
export class Staging {
  readonly #db: Database;
  readonly #insert: StatementSync;
  /** Slot 0 is for lines that wait for another scope to close. */
  readonly #taken = new Set<number>([0]);

  constructor(db: Database) {
    this.#db = db;
    db.exec(TABLES);
    this.#insert = db.prepare(
      "INSERT INTO stage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))",
    );
  }

  /** Reserves room for a scope's lines. */
  take(): LineRange {
    let slot = 1;
    while (this.#taken.has(slot)) slot++;
    this.#taken.add(slot);
    return { from: slot * SLOT_SIZE, to: (slot + 1) * SLOT_SIZE };
  }

  add(range: LineRange, node: StagedNode, numbers: { kind: number; place: number; twin: string }) {
    const { body } = node;
    try {
      this.#insert.run(
        range.from + node.seq,
        numbers.kind,
        numbers.place,
        node.id,
        numbers.twin,
        node.nodeId,
        node.name,
        extrasText(node.extras),
        node.extras.k === undefined ? null : JSON.stringify(node.extras.k),
        body.includes(NUL) ? NO_JSON : body,
      );
    } catch (error) {
      throw storeFault(error, this.#db.path, "stage a node for");
    }
  }

  /** @throws GraphError when a body is no JSON object or contradicts its header */
  check(range: LineRange): void {
    const bad = this.#db.get<{ kind: number; id: string }>(BAD_BODY, range.from, range.to);
    if (bad === undefined) return;
    const kind = this.#db.get<{ name: string }>(
      "SELECT name FROM kinds WHERE kind = ?",
      bad.kind,
    )?.name;
    throw new GraphError(
      "mapping",
      `The properties of node "${bad.id}" are no JSON object, or hold kind, id or name`,
      kind === undefined ? {} : { context: { kind } },
    );
  }

  /** Gives the room of a scope back; its lines are cleared. */
  release(range: LineRange): void {
    this.#taken.delete(range.from / SLOT_SIZE);
  }

  /** Removes the lines of a scope. */
  clear(range: LineRange): void {
    const alone = this.#taken.size === 2 && !this.#waiting();
    if (alone) this.#db.run("DELETE FROM stage");
    else this.#db.run("DELETE FROM stage WHERE line >= ? AND line < ?", range.from, range.to);
  }

  #waiting(): boolean {
    return this.#db.get("SELECT 1 FROM stage WHERE line < ? LIMIT 1", SLOT_SIZE) !== undefined;
  }
}

const NUL = 0;

/** Stands for a body with a NUL byte, where SQLite would think that it ends. */
const NO_JSON = new Uint8Array();

const BAD_BODY = `
SELECT kind, id FROM stage WHERE line >= ? AND line < ? AND NOT CASE WHEN json_valid(body)
  THEN json_type(body) = 'object' AND body -> '$.kind' IS NULL AND body -> '$.id' IS NULL
    AND body -> '$.name' IS NULL
  ELSE 0 END LIMIT 1`;
