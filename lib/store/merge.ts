import type { Database } from "./database.ts";
import { isConstraintFault } from "./fault.ts";
import {
  COUNT_DIFFERENT,
  DROP_DUPLICATES,
  FIND_ABSENT,
  FIND_CLAIMS,
  FIND_DIFFERENT,
  FIND_FOREIGN,
  FIND_GONE,
  FIND_KEEPS,
  FIND_KNOWN,
  FRESH_ALL,
  INSERT_FRESH,
  KEEP_CHANGED,
  KEEP_NAME,
  KEEP_PROPERTY,
  KEEP_REMOVED,
  MARK_STALE,
  REMEMBER_GONE,
  REMOVE,
  REPLACE,
  REVIVE,
  TABLES,
  UNSTALE,
} from "./merge_statements.ts";
import { changedProperties, sameBody } from "./same_body.ts";
import { joinReferences, KEEP_EDGES } from "./kept_edges.ts";
import { propertyPath } from "./property_path.ts";
import { type LineRange, SLOT_SIZE } from "./staging.ts";
import type { ScopeStats } from "./types.ts";

/** What a merge needs to know about the run and its kinds. */
export interface MergeContext {
  readonly run: number;
  /** Whether this run has recorded a scope already. */
  readonly recorded: (scope: number) => boolean;
  /** Text of a scope, by which conflicts between scopes are decided. */
  readonly scopeText: (scope: number) => string;
  readonly volatile: (kind: string) => ReadonlySet<string>;
}

/** The scope to merge and whether its absent nodes are gone. */
export interface MergeScope {
  readonly scope: number;
  readonly range: LineRange;
  readonly conclusive: boolean;
  /** Whether some line names properties that keep their last good value. */
  readonly keeps: boolean;
}

/**
 * Brings the staged lines of scopes into the nodes. Set operations of SQL do the bulk; only rows
 * that differ are looked at one by one.
 *
 * A node that several scopes send belongs to the lowest of them. A higher scope that closes first
 * leaves its line as a *claim*, used only if the lower scope does not send the node after all.
 */
export class Merge {
  readonly #db: Database;
  readonly #context: MergeContext;

  constructor(db: Database, context: MergeContext) {
    this.#db = db;
    this.#context = context;
    db.exec(TABLES);
  }

  /** Merges one scope; runs inside the caller's transaction. */
  run(merge: MergeScope): ScopeStats {
    const { scope, range } = merge;
    const all = this.#insertAll(scope, range);
    if (all > 0) {
      return { nodes: all, added: all, changed: 0, removed: 0, stale: 0, duplicates: 0 };
    }
    const db = this.#db;
    db.exec("DELETE FROM hit; DELETE FROM fresh; DELETE FROM absent;");
    this.#revive(range);
    if (merge.keeps) this.#keepLastGood(range);
    db.run(FIND_KNOWN, range.from, range.to);
    const lost = this.#settleForeign(scope);
    const changed = this.#update(scope);
    const added = this.#insert(scope);
    db.run("INSERT INTO sent SELECT key, line % ? FROM hit WHERE key IS NOT NULL", SLOT_SIZE);
    const own = this.#count("SELECT count(*) AS n FROM hit");
    const nodes = own + this.#count("SELECT count(*) AS n FROM claim WHERE scope = ?", scope);
    this.#findAbsent(scope, own);
    const claimed = this.#useClaims("c.key IN (SELECT key FROM absent)");
    if (claimed > 0) this.#findAbsent(scope, own);
    const absent = this.#count("SELECT count(*) AS n FROM absent");
    if (merge.conclusive) this.#remove();
    else if (nodes > 0) this.#markStale(scope);
    return {
      nodes,
      added,
      changed,
      removed: merge.conclusive ? absent : 0,
      stale: merge.conclusive ? 0 : absent,
      duplicates: lost,
    };
  }

  /** Uses the claims whose owning scope was not recorded; runs inside the caller's transaction. */
  finish(): void {
    this.#useClaims("true");
  }

  /**
   * Leaves one line for each identity in a range and returns how many with other content it dropped.
   * Slow, therefore only called after a uniqueness rule has refused a merge.
   */
  dedupe(range: LineRange): number {
    const different = this.#count(COUNT_DIFFERENT, range.from, range.to);
    this.#db.run(DROP_DUPLICATES, range.from, range.to);
    return different;
  }

  /**
   * The lines of a scope without nodes are mostly new; then nothing has to be looked up. Returns how
   * many were inserted: all, or none where a node is known or given twice.
   */
  #insertAll(scope: number, range: LineRange): number {
    const db = this.#db;
    if (db.get("SELECT 1 FROM nodes WHERE scope = ? LIMIT 1", scope) !== undefined) return 0;
    if (db.get("SELECT 1 FROM gone LIMIT 1") !== undefined) return 0;
    db.exec("DELETE FROM fresh");
    db.run(FRESH_ALL, range.from, range.to);
    try {
      return this.#insertFresh(scope);
    } catch (error) {
      if (isConstraintFault(error)) return 0;
      throw error;
    }
  }

  /** Brings nodes back that a scope lost earlier in this run and this one sends: they only moved. */
  #revive(range: LineRange): void {
    if (this.#count("SELECT count(*) AS n FROM gone") === 0) return;
    for (const { key } of this.#db.all<{ key: number }>(FIND_GONE, range.from, range.to)) {
      this.#db.run(REVIVE, key, this.#context.run);
      this.#db.run("DELETE FROM history WHERE key = ? AND until_run = ?", key, this.#context.run);
      this.#db.run("DELETE FROM gone WHERE key = ?", key);
    }
  }

  /** Fills properties whose call failed with the values of the stored node. */
  #keepLastGood(range: LineRange): void {
    for (const row of this.#db.all<KeepRow>(FIND_KEEPS, range.from, range.to)) {
      const names: unknown = JSON.parse(row.keep);
      for (const name of Array.isArray(names) ? names : []) this.#keep(row, String(name));
    }
  }

  #keep(row: KeepRow, name: string): void {
    const { line, key } = row;
    if (name === KEEP_EDGES) {
      this.#db.run("UPDATE stage SET extras = ? WHERE line = ?", joinReferences(row), line);
    } else if (name === "name") this.#db.run(KEEP_NAME, line, key);
    else {
      const path = propertyPath(name);
      if (path !== undefined) this.#db.run(KEEP_PROPERTY, line, key, path);
    }
  }

  /** Lines whose node belongs to another scope: taken over, left as a claim, or dropped. */
  #settleForeign(scope: number): number {
    const foreign = this.#db.all<ForeignHit>(FIND_FOREIGN, scope);
    let dropped = 0;
    for (const hit of foreign) {
      const fate = this.#fateOf(hit, scope);
      if (fate === "take") this.#takeOver(hit);
      else {
        if (fate === "claim") this.#claim(hit, scope);
        else dropped += hit.differs;
        this.#db.run("DELETE FROM hit WHERE line = ?", hit.line);
      }
    }
    return dropped;
  }

  #fateOf(hit: ForeignHit, scope: number): "take" | "claim" | "drop" {
    const { recorded, scopeText } = this.#context;
    if (scopeText(scope) < scopeText(hit.owner)) return "take";
    if (!recorded(hit.owner)) return "claim";
    return hit.sent === 1 ? "drop" : "take";
  }

  #takeOver(hit: ForeignHit): void {
    this.#db.run("DELETE FROM sent WHERE key = ?", hit.key);
  }

  #claim(hit: ForeignHit, scope: number): void {
    const line = hit.line % SLOT_SIZE;
    this.#db.run("UPDATE stage SET line = ? WHERE line = ?", line, hit.line);
    this.#db.run("INSERT INTO claim VALUES (?, ?, ?)", line, hit.key, scope);
  }

  /** Updates known nodes that differ; returns how many really changed. */
  #update(scope: number): number {
    let changed = 0;
    for (const pair of this.#db.iterate<Pair>(FIND_DIFFERENT, scope)) {
      if (this.#replace(pair, scope)) changed++;
    }
    this.#db.run(UNSTALE);
    return changed;
  }

  /** Puts a line in the place of a node; whether that was a change. */
  #replace(pair: Pair, scope: number): boolean {
    const changed = this.#isChange(pair) && pair.first_run < this.#context.run;
    if (changed) this.#db.run(KEEP_CHANGED, this.#context.run, pair.key);
    this.#db.run(REPLACE, scope, pair.line, pair.key);
    return changed;
  }

  #isChange(pair: Pair): boolean {
    if (pair.name !== pair.new_name) return true;
    if (changedProperties(pair.extras, pair.new_extras, NONE).length > 0) return true;
    return !sameBody(pair.body, pair.new_body, this.#context.volatile(pair.kind));
  }

  #insert(scope: number): number {
    const added = this.#db.run("INSERT INTO fresh(line) SELECT line FROM hit WHERE key IS NULL");
    return added === 0 ? 0 : this.#insertFresh(scope);
  }

  /** Makes nodes of the fresh lines; returns how many. */
  #insertFresh(scope: number): number {
    const db = this.#db;
    const base = this.#count(
      "SELECT coalesce(max(seq), 0) AS n FROM sqlite_sequence WHERE name = 'nodes'",
    );
    db.run(INSERT_FRESH, base, scope, this.#context.run);
    return db.run("INSERT INTO sent SELECT ? + rank, line % ? FROM fresh", base, SLOT_SIZE);
  }

  /** Counting first spares the search when nothing is absent, which is the common case. */
  #findAbsent(scope: number, present: number): void {
    this.#db.exec("DELETE FROM absent");
    const all = this.#count("SELECT count(*) AS n FROM nodes WHERE scope = ?", scope);
    if (all > present) this.#db.run(FIND_ABSENT, scope);
  }

  #useClaims(where: string): number {
    const claims = this.#db.all<Pair & { claimant: number; sent: number }>(
      `${FIND_CLAIMS} WHERE ${where}`,
    );
    const byScope = claims.toSorted((a, b) =>
      this.#context.scopeText(a.claimant) < this.#context.scopeText(b.claimant) ? -1 : 1
    );
    const used = new Set<number>();
    for (const claim of byScope) {
      if (!used.has(claim.key) && claim.sent === 0) {
        this.#replace(claim, claim.claimant);
        this.#db.run("INSERT INTO sent VALUES (?, ?)", claim.key, claim.line);
        used.add(claim.key);
      }
      this.#db.run("DELETE FROM claim WHERE line = ?", claim.line);
      this.#db.run("DELETE FROM stage WHERE line = ?", claim.line);
    }
    return used.size;
  }

  #remove(): void {
    this.#db.run(KEEP_REMOVED, this.#context.run);
    this.#db.run(REMEMBER_GONE, this.#context.run);
    this.#db.exec(REMOVE);
  }

  #markStale(scope: number): void {
    this.#db.run(MARK_STALE, scope);
  }

  #count(sql: string, ...values: number[]): number {
    return this.#db.get<{ n: number }>(sql, ...values)?.n ?? 0;
  }
}

/** A line that names what keeps its last good value, and the node that has it. */
interface KeepRow {
  readonly line: number;
  readonly key: number;
  readonly keep: string;
  readonly stored: string;
  readonly extras: string;
}

interface ForeignHit {
  readonly line: number;
  readonly key: number;
  readonly owner: number;
  readonly differs: number;
  readonly sent: number;
}

/** A node and the line that is to replace it. */
interface Pair {
  readonly key: number;
  readonly line: number;
  readonly kind: string;
  readonly first_run: number;
  readonly name: string;
  readonly new_name: string;
  readonly extras: string;
  readonly new_extras: string;
  readonly body: string;
  readonly new_body: string;
}

const NONE: ReadonlySet<string> = new Set();
