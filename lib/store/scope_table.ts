import {
  isConclusive,
  type Outcome,
  type ScopeFault,
  type ScopeKey,
  scopeText,
} from "../model/mod.ts";
import type { Database } from "./database.ts";
import type { ScopeRecord, ScopeStats } from "./types.ts";

/** One record of a scope in a run. */
export interface ScopeLook {
  readonly scope: number;
  readonly outcome: Outcome;
  readonly faults: readonly ScopeFault[];
  readonly openedAt: string;
  readonly closedAt: string;
  readonly stats: ScopeStats;
  /** A guest looked at it. */
  readonly opened: boolean;
}

/** Scopes with their numbers, and the ledger of what each run found out about them. */
export class ScopeTable {
  readonly #db: Database;
  readonly #keys = new Map<number, { readonly text: string; regionId: string }>();
  readonly #numbers = new Map<string, number>();
  #next = 1;

  constructor(db: Database) {
    this.#db = db;
    const rows = db.all<ScopeKey & { scope: number; region_id: string }>(
      "SELECT scope, cloud, account, region, resource, region_id FROM scopes",
    );
    for (const row of rows) this.#remember(row.scope, scopeText(row), row.region_id);
  }

  /** Number of a scope; a new one is written by its first record. */
  numberOf(key: ScopeKey, regionId = ""): number {
    const text = scopeText(key);
    const known = this.#numbers.get(text);
    if (known === undefined) return this.#remember(this.#next, text, regionId);
    const entry = this.#keys.get(known);
    if (entry !== undefined && regionId !== "") entry.regionId = regionId;
    return known;
  }

  text(scope: number): string {
    return this.#keys.get(scope)?.text ?? "";
  }

  /** Writes a record: the ledger's row of this run, and the scope's state. */
  record(run: number, key: ScopeKey, look: ScopeLook): void {
    const { scope, outcome, faults, openedAt, closedAt, stats } = look;
    const regionId = this.#keys.get(scope)?.regionId ?? "";
    this.#db.run(UPSERT_SCOPE, scope, key.cloud, key.account, key.region, key.resource, regionId);
    this.#db.run(
      INSERT_LEDGER,
      run,
      scope,
      outcome,
      JSON.stringify(faults),
      openedAt,
      closedAt,
      ...[stats.nodes, stats.added, stats.changed, stats.removed, stats.stale, stats.duplicates],
    );
    this.#db.run(RECORDED, run, Number(look.opened), scope);
    if (isConclusive(outcome) || stats.nodes > 0) this.#db.run(SEEN, run, closedAt, scope);
    if (isConclusive(outcome)) this.#db.run(GOOD, run, closedAt, scope);
  }

  /** Repeats the record of an earlier run in this one: its outcome and nodes stand. */
  repeat(run: number, scope: number, earlier: string): void {
    this.#db.run(REPEAT_LEDGER, run, scope, earlier);
    this.#db.run("UPDATE scopes SET run = ?1, seen_run = ?1 WHERE scope = ?2", run, scope);
  }

  #remember(scope: number, text: string, regionId: string): number {
    this.#keys.set(scope, { text, regionId });
    this.#numbers.set(text, scope);
    this.#next = Math.max(this.#next, scope + 1);
    return scope;
  }
}

/** Last record of every scope of the clouds. */
export function readScopes(db: Database, clouds: readonly string[]): ScopeRecord[] {
  return db.all<LedgerRow>(
    `${SELECT_LEDGER} AND l.run = s.run
     WHERE s.cloud IN (SELECT value FROM json_each(?)) ORDER BY s.scope`,
    JSON.stringify(clouds),
  ).map(toScopeRecord);
}

/** The ledger of one run. */
export function readLedger(db: Database, run: number): ScopeRecord[] {
  return db.all<LedgerRow>(
    `${SELECT_LEDGER} WHERE l.run = ?
     ORDER BY s.cloud, s.account, s.region, s.resource`,
    run,
  ).map(toScopeRecord);
}

/** The ledger of one run, without the scopes that a later run recorded. */
export function readLatest(db: Database, run: number): ScopeRecord[] {
  return db.all<LedgerRow>(`${SELECT_LEDGER} WHERE l.run = ?1 AND s.run = ?1`, run)
    .map(toScopeRecord);
}

interface LedgerRow extends ScopeKey {
  readonly region_id: string;
  readonly outcome: Outcome;
  readonly faults: string;
  readonly opened_at: string;
  readonly closed_at: string;
  readonly nodes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly stale: number;
  readonly duplicates: number;
  readonly good_run: string | null;
  readonly good_at: string | null;
}

function toScopeRecord(row: LedgerRow): ScopeRecord {
  const { cloud, account, region, resource, outcome } = row;
  const { nodes, added, changed, removed, stale, duplicates } = row;
  return {
    ...{ cloud, account, region, resource, outcome },
    regionId: row.region_id,
    faults: JSON.parse(row.faults),
    stats: { nodes, added, changed, removed, stale, duplicates },
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    lastGoodRun: row.good_run,
    lastGoodAt: row.good_at,
  };
}

const SELECT_LEDGER = `
SELECT s.cloud, s.account, s.region, s.resource, s.region_id, l.outcome, l.faults,
  l.opened_at, l.closed_at, l.nodes, l.added, l.changed, l.removed, l.stale, l.duplicates,
  g.id AS good_run, s.good_at
FROM scopes s LEFT JOIN runs g ON g.run = s.good_run JOIN ledger l ON l.scope = s.scope`;

const UPSERT_SCOPE = `
INSERT INTO scopes(scope, cloud, account, region, resource, region_id) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT(scope) DO UPDATE SET region_id = excluded.region_id`;

const LEDGER_FACTS =
  "outcome, faults, opened_at, closed_at, nodes, added, changed, removed, stale, duplicates";

const INSERT_LEDGER = `
INSERT INTO ledger(run, scope, ${LEDGER_FACTS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const REPEAT_LEDGER = `
INSERT INTO ledger(run, scope, ${LEDGER_FACTS})
SELECT ?1, scope, ${LEDGER_FACTS} FROM ledger
WHERE scope = ?2 AND run = (SELECT run FROM runs WHERE id = ?3)`;

const RECORDED = "UPDATE scopes SET run = ?, adopted = adopted AND NOT ? WHERE scope = ?";
const SEEN = "UPDATE scopes SET seen_run = ?, seen_at = ? WHERE scope = ?";
const GOOD = "UPDATE scopes SET good_run = ?, good_at = ? WHERE scope = ?";
