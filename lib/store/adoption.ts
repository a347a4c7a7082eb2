import type { NodeExtras } from "../model/mod.ts";
import {
  ADD_STALE,
  DROP_LOST,
  DROP_TABLES,
  FILL_HELD_IDS,
  FIND_HELD,
  FIND_TOLD,
  INSERT_FLAG,
  INSERT_REFERENCE,
  INSERT_TOLD,
  MARK_ADOPTED,
  MARK_BELOW,
  SELECT_ADOPTED,
  TABLES,
  UPSERT_NODE,
} from "./adoption_statements.ts";
import { type AdoptionParts, AdoptionScopes } from "./adoption_scopes.ts";
import type {
  Adoption,
  AdoptionStart,
  AdoptionStats,
  Fate,
  ToldEnd,
  ToldNode,
} from "./adoption_types.ts";
import { extrasText, readExtras } from "./extras_text.ts";

/** The {@link Adoption} of a run over SQLite. */
export class StoreAdoption implements Adoption {
  readonly #parts: AdoptionParts;
  readonly #start: AdoptionStart;
  readonly #scopes: AdoptionScopes;
  #references = 0;

  constructor(parts: AdoptionParts, start: AdoptionStart) {
    this.#parts = parts;
    this.#start = start;
    parts.db.exec(TABLES);
    parts.db.run(FILL_HELD_IDS, start.cloud);
    this.#scopes = new AdoptionScopes(parts, start);
  }

  node(node: ToldNode, isKept: boolean): Fate {
    const fate = this.#fateOf(node, isKept);
    const adopted = fate === "adopted";
    this.#parts.db.run(
      INSERT_TOLD,
      ...[node.coreId, node.kind, node.cloud, node.account, node.region, node.regionName],
      ...[node.zone, node.id, node.name, node.twin, node.nodeId],
      ...[adopted ? this.#scopes.numberFor(node) : 0],
      ...[Number(node.protected), Number(node.marked)],
      ...(adopted ? [extrasText(node.extras), node.body] : ["", ""]),
    );
    return fate;
  }

  end(coreId: string): ToldEnd | undefined {
    return this.#parts.db.get<ToldEnd>(FIND_TOLD, coreId);
  }

  below(end: ToldEnd): void {
    this.#parts.db.run(MARK_BELOW, end.told);
  }

  refer(end: ToldEnd, reference: readonly string[]): void {
    const isParent = reference[0] === "from" && reference[4] === undefined;
    const text = JSON.stringify(reference);
    this.#parts.db.run(INSERT_REFERENCE, end.told, ++this.#references, text, Number(isParent));
  }

  finish(): AdoptionStats {
    const { db, kinds, places } = this.#parts;
    const stats = db.transaction(() => {
      const accounts = new Map<string, number>();
      const scopes = new Map<number, number>();
      for (const row of db.iterate<ToldRow>(SELECT_ADOPTED)) {
        this.#write(row);
        const account = row.account === "undefined" ? "" : row.account;
        accounts.set(account, (accounts.get(account) ?? 0) + 1);
        scopes.set(row.scope, (scopes.get(row.scope) ?? 0) + 1);
      }
      kinds.flush();
      places.flush();
      for (const [scope, count] of scopes) this.#record(scope, count);
      this.#dropLost();
      return { nodes: accounts.values().reduce((sum, count) => sum + count, 0), accounts };
    });
    kinds.settled();
    places.settled();
    for (const scope of this.#scopes.fresh()) this.#parts.recorded(scope);
    return stats;
  }

  [Symbol.dispose](): void {
    this.#parts.db.exec(DROP_TABLES);
  }

  #fateOf(node: ToldNode, isKept: boolean): Fate {
    const { kind, cloud, account, region, zone, id, twin } = node;
    const { db } = this.#parts;
    const isHeld = db.get("SELECT 1 FROM held_id WHERE node_id = ?", node.coreId) !== undefined ||
      db.get(FIND_HELD, kind, cloud, account, region, zone, id, twin) !== undefined;
    if (isHeld) return "held";
    return isKept && !this.#scopes.isProven(node) ? "adopted" : "gone";
  }

  #write(row: ToldRow): void {
    const { db, run, now, kinds, places } = this.#parts;
    const { cloud, account, region, zone, id, twin } = row;
    const at = now().toISOString();
    db.run(
      UPSERT_NODE,
      kinds.numberOf(row.kind),
      places.numberOf(cloud, account, region, zone),
      ...[id, twin, row.node_id, row.name, row.scope, run, at],
      ...[extrasText(extrasOf(row)), row.body],
    );
    if (row.protected === 0 && row.marked === 0) return;
    const identity = [row.kind, cloud, account, region, zone, id, twin];
    db.run(INSERT_FLAG, ...identity, row.protected, row.marked, at);
  }

  #record(scope: number, count: number): void {
    const { db, run, scopes, now } = this.#parts;
    const key = this.#scopes.freshKey(scope);
    if (key === undefined) {
      db.run(ADD_STALE, count, run, scope);
      return;
    }
    const at = now().toISOString();
    const stats = { nodes: 0, added: 0, changed: 0, removed: 0, stale: count, duplicates: 0 };
    const look = { scope, outcome: "skipped", faults: [], openedAt: at, closedAt: at } as const;
    scopes.record(run, key, { ...look, stats, opened: false });
    db.run(MARK_ADOPTED, scope);
  }

  #dropLost(): void {
    const { db, run } = this.#parts;
    const { cloud, target } = this.#start;
    for (const sql of DROP_LOST) db.run(sql, cloud, run, target.uri, target.graph);
  }
}

interface ToldRow extends ToldEnd {
  readonly region: string;
  readonly twin: string;
  readonly node_id: string;
  readonly below: number;
  readonly protected: number;
  readonly marked: number;
  readonly extras: string;
  readonly body: string;
  readonly refs: string;
  readonly has_parent: number;
}

/** Who hangs below others only, and not below the container of its place, is an orphan to that. */
function extrasOf({ extras, refs, below, has_parent }: ToldRow): NodeExtras {
  const references: NonNullable<NodeExtras["e"]> = JSON.parse(refs);
  return {
    ...readExtras(extras),
    ...(references.length === 0 ? {} : { e: references }),
    ...(below === 0 && has_parent === 1 ? { o: 1 as const } : {}),
  };
}
