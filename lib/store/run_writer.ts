import { GraphError } from "../errors/mod.ts";
import {
  isConclusive,
  type KindIndex,
  type Outcome,
  type ScopeFault,
  type ScopeKey,
  scopeText,
} from "../model/mod.ts";
import { StoreAdoption } from "./adoption.ts";
import type { Adoption, AdoptionStart } from "./adoption_types.ts";
import type { Database } from "./database.ts";
import { Dictionary, KINDS, PLACES } from "./dictionary.ts";
import { writeEdges } from "./edge_writer.ts";
import { readExtras } from "./extras_text.ts";
import { isConstraintFault } from "./fault.ts";
import { volatileProperties } from "./volatile.ts";
import { KEEP_EDGES } from "./kept_edges.ts";
import { Merge } from "./merge.ts";
import { collectorsText, finishRun, insertRun } from "./run_rows.ts";
import { readLatest, readScopes, ScopeTable } from "./scope_table.ts";
import { type LineRange, Staging } from "./staging.ts";
import type {
  KeptNode,
  KeptReferences,
  RunEnd,
  RunStart,
  RunWriter,
  ScopeRecord,
  ScopeStats,
  StagedNode,
  StoredEdge,
} from "./types.ts";

/** What the writer of a run is built on. */
export interface RunWriterOptions {
  readonly db: Database;
  readonly start: RunStart;
  readonly kinds: KindIndex;
  readonly now: () => Date;
  /** Called once the run has ended. */
  readonly onEnd: () => void;
}

interface OpenScope {
  readonly scope: number;
  readonly key: ScopeKey;
  readonly range: LineRange;
  readonly openedAt: string;
  lines: number;
  keeps: boolean;
  /** By a guest. */
  readonly opened: boolean;
}

/** A kind as every line of it is staged. */
interface NumberedKind {
  readonly number: number;
  readonly isRegion: boolean;
}

const NO_LINES: LineRange = { from: 0, to: 0 };

/** The {@link RunWriter} over SQLite. */
export class StoreRunWriter implements RunWriter {
  readonly run: string;
  readonly #db: Database;
  readonly #number: number;
  readonly #start: RunStart;
  readonly #now: () => Date;
  readonly #onEnd: () => void;
  readonly #kinds: Dictionary;
  readonly #places: Dictionary;
  readonly #index: KindIndex;
  readonly #numbered = new Map<string, NumberedKind>();
  readonly #scopes: ScopeTable;
  readonly #staging: Staging;
  readonly #merge: Merge;
  readonly #open = new Map<number, OpenScope>();
  readonly #recorded = new Set<number>();
  /** Numbers of nodes whose references are kept from before. */
  readonly #keepingEdges: number[] = [];
  #opened = 0;
  #batching = false;
  #lastPlace:
    | (Pick<StagedNode, "cloud" | "account" | "region" | "zone"> & { readonly place: number })
    | undefined;

  constructor(options: RunWriterOptions) {
    const { db, start } = options;
    this.run = start.id;
    this.#db = db;
    this.#start = start;
    this.#now = options.now;
    this.#onEnd = options.onEnd;
    this.#kinds = new Dictionary(db, KINDS);
    this.#places = new Dictionary(db, PLACES);
    this.#index = options.kinds;
    this.#scopes = new ScopeTable(db);
    this.#number = insertRun(db, start);
    this.#staging = new Staging(db);
    this.#merge = new Merge(db, {
      run: this.#number,
      recorded: (scope) => this.#recorded.has(scope),
      scopeText: (scope) => this.#scopes.text(scope),
      volatile: volatileProperties(options.kinds),
    });
  }

  knownScopes(clouds: readonly string[]): readonly ScopeRecord[] {
    this.#flushBatch();
    return readScopes(this.#db, clouds);
  }

  resumable(): readonly ScopeRecord[] {
    this.#flushBatch();
    const last = this.#lastRun();
    if (last === undefined || last.finished_at !== null) return [];
    return readLatest(this.#db, last.run).filter(wasListed);
  }

  open(key: ScopeKey, regionId: string): number {
    const scope = this.#scopes.numberOf(key, regionId);
    this.#refuseSecond(scope, key);
    const number = ++this.#opened;
    const openedAt = this.#now().toISOString();
    const range = this.#staging.take();
    const open = { scope, key, range, openedAt, lines: 0, keeps: false, opened: true };
    this.#open.set(number, open);
    return number;
  }

  stage(scope: number, node: StagedNode): void {
    const open = this.#openScope(scope);
    this.#startBatch();
    const { number, isRegion } = this.#kindOf(node.kind);
    this.#staging.add(open.range, node, {
      kind: number,
      place: this.#placeOf(node),
      twin: isRegion ? node.name : "",
    });
    open.lines++;
    if (node.extras.k !== undefined) {
      open.keeps = true;
      if (node.extras.k.includes(KEEP_EDGES)) this.#keepingEdges.push(node.seq);
    }
  }

  close(scope: number, outcome: Outcome, faults: readonly ScopeFault[]): ScopeStats {
    const open = this.#openScope(scope);
    this.#flushBatch();
    const stats = this.#mergeOnce(open, outcome, faults);
    this.#release(scope, open);
    return stats;
  }

  discard(scope: number, outcome: Outcome, faults: readonly ScopeFault[]): ScopeStats {
    if (isConclusive(outcome)) {
      throw new TypeError(`Cannot discard a scope as "${outcome}": its nodes would be removed`);
    }
    const open = this.#openScope(scope);
    this.#flushBatch();
    this.#db.transaction(() => this.#staging.clear(open.range));
    const stats = this.#record({ ...open, range: NO_LINES, lines: 0 }, outcome, faults);
    this.#release(scope, open);
    return stats;
  }

  mark(key: ScopeKey, outcome: Outcome, faults: readonly ScopeFault[] = []): ScopeStats {
    const scope = this.#scopes.numberOf(key);
    this.#refuseSecond(scope, key);
    this.#flushBatch();
    const openedAt = this.#now().toISOString();
    const marked = { scope, key, range: NO_LINES, openedAt, lines: 0, keeps: false, opened: false };
    return this.#record(marked, outcome, faults);
  }

  resume(key: ScopeKey): void {
    const scope = this.#scopes.numberOf(key);
    this.#refuseSecond(scope, key);
    this.#flushBatch();
    const last = this.#lastRun();
    this.#db.transaction(() => this.#scopes.repeat(this.#number, scope, last?.id ?? ""));
    this.#recorded.add(scope);
  }

  adopt(start: AdoptionStart): Adoption {
    this.#flushBatch();
    return new StoreAdoption({
      db: this.#db,
      run: this.#number,
      now: this.#now,
      kinds: this.#kinds,
      places: this.#places,
      scopes: this.#scopes,
      recorded: (scope) => this.#recorded.add(scope),
    }, start);
  }

  keys(count: number): Uint32Array {
    this.#settle();
    const keys = new Uint32Array(count);
    for (const [seqs, rows] of this.#sentBlocks()) {
      seqs.forEach((seq, index) => keys[seq] = rows[index] ?? 0);
    }
    return keys;
  }

  *kept(clouds: readonly string[]): Generator<KeptNode, void, undefined> {
    this.#settle();
    for (const row of this.#db.iterate<KeptRow>(FIND_KEPT, JSON.stringify(clouds))) {
      const { node_id, scope_region, extras, ...node } = row;
      yield { ...node, nodeId: node_id, scopeRegion: scope_region, extras: readExtras(extras) };
    }
  }

  *keptReferences(): Generator<KeptReferences, void, undefined> {
    this.#settle();
    const seqs = JSON.stringify(this.#keepingEdges);
    for (const { seq, extras } of this.#db.iterate<KeptReferencesRow>(FIND_REFERENCES, seqs)) {
      yield { seq, references: readExtras(extras).e ?? [] };
    }
  }

  writeEdges(
    clouds: readonly string[],
    edges: Iterable<StoredEdge>,
  ): { readonly edges: number; readonly added: number; readonly removed: number } {
    this.#settle();
    return writeEdges(this.#db, clouds, edges);
  }

  finish(end: RunEnd): void {
    this.#flushBatch();
    this.#db.transaction(() => {
      this.#merge.finish();
      finishRun(this.#db, this.#number, end);
    });
    this.#onEnd();
  }

  #kindOf(kind: string): NumberedKind {
    let known = this.#numbered.get(kind);
    if (known === undefined) {
      known = { number: this.#kinds.numberOf(kind), isRegion: this.#index.is(kind, "region") };
      this.#numbered.set(kind, known);
    }
    return known;
  }

  /** Neighbours mostly lie in one place, so the last one is tried first. */
  #placeOf(node: StagedNode): number {
    const last = this.#lastPlace;
    const isLast = last !== undefined && node.zone === last.zone && node.region === last.region &&
      node.account === last.account && node.cloud === last.cloud;
    if (isLast) return last.place;
    const { cloud, account, region, zone } = node;
    const place = this.#places.numberOf(cloud, account, region, zone);
    this.#lastPlace = { cloud, account, region, zone, place };
    return place;
  }

  /** Merges a scope; a second time without duplicates when a uniqueness rule refused the first. */
  #mergeOnce(open: OpenScope, outcome: Outcome, faults: readonly ScopeFault[]): ScopeStats {
    try {
      return this.#record(open, outcome, faults);
    } catch (error) {
      if (!isConstraintFault(error)) throw error;
    }
    const dropped = this.#db.transaction(() => this.#merge.dedupe(open.range));
    return this.#record(open, outcome, faults, dropped);
  }

  #record(
    open: OpenScope,
    outcome: Outcome,
    faults: readonly ScopeFault[],
    dropped = 0,
  ): ScopeStats {
    const { scope, key, range, openedAt, keeps, opened } = open;
    const stats = this.#db.transaction(() => {
      this.#kinds.flush();
      this.#places.flush();
      if (open.lines > 0) this.#staging.check(range);
      const merged = this.#merge.run({ scope, range, keeps, conclusive: isConclusive(outcome) });
      const stats = { ...merged, duplicates: merged.duplicates + dropped };
      const closedAt = this.#now().toISOString();
      const look = { scope, outcome, faults, openedAt, closedAt, stats, opened };
      this.#scopes.record(this.#number, key, look);
      if (open.lines > 0) this.#staging.clear(range);
      return stats;
    });
    this.#kinds.settled();
    this.#places.settled();
    this.#recorded.add(scope);
    return stats;
  }

  /** Line numbers and rows, as two lists a block: far cheaper than a row each. */
  *#sentBlocks(): Generator<readonly [readonly number[], readonly number[]], void, undefined> {
    const last = this.#db.get<{ n: number }>("SELECT coalesce(max(key), 0) AS n FROM sent")?.n ?? 0;
    for (let from = 0; from <= last; from += KEY_BLOCK) {
      const row = this.#db.get<{ seqs: string; keys: string }>(SENT_BLOCK, from, from + KEY_BLOCK);
      if (row !== undefined) yield [JSON.parse(row.seqs), JSON.parse(row.keys)];
    }
  }

  #lastRun(): { run: number; id: string; finished_at: string | null } | undefined {
    return this.#db.get(LAST_RUN, this.#number, collectorsText(this.#start));
  }

  #openScope(scope: number): OpenScope {
    const open = this.#open.get(scope);
    if (open === undefined) throw new TypeError(`Scope number ${scope} is not open`);
    return open;
  }

  #refuseSecond(scope: number, key: ScopeKey): void {
    const isOpen = [...this.#open.values()].some((open) => open.scope === scope);
    if (!isOpen && !this.#recorded.has(scope)) return;
    throw new GraphError("duplicate", `Scope "${scopeText(key)}" was given twice in one run`, {
      context: { account: key.account, region: key.region, resource: key.resource },
    });
  }

  #release(number: number, open: OpenScope): void {
    this.#staging.release(open.range);
    this.#open.delete(number);
  }

  #startBatch(): void {
    if (this.#batching) return;
    this.#db.exec("BEGIN");
    this.#batching = true;
  }

  /** Ends the transaction that gathers staged lines. */
  #flushBatch(): void {
    if (!this.#batching) return;
    this.#batching = false;
    this.#db.exec("COMMIT");
  }

  #settle(): void {
    this.#flushBatch();
    this.#db.transaction(() => this.#merge.finish());
  }
}

/** A scope that is gone was not listed: its account may be back by now. */
function wasListed({ outcome }: ScopeRecord): boolean {
  return isConclusive(outcome) && outcome !== "gone";
}

interface KeptReferencesRow {
  readonly seq: number;
  readonly extras: string;
}

interface KeptRow extends Omit<KeptNode, "nodeId" | "scopeRegion" | "extras"> {
  readonly node_id: string;
  readonly scope_region: string;
  readonly extras: string;
}

const KEY_BLOCK = 65_536;

const SENT_BLOCK = `
SELECT json_group_array(seq) AS seqs, json_group_array(key) AS keys
FROM sent WHERE key >= ? AND key < ?`;

const LAST_RUN = `
SELECT run, id, finished_at FROM runs WHERE run < ? AND collectors = ? ORDER BY run DESC LIMIT 1`;

const FIND_REFERENCES = `
SELECT t.seq, n.extras FROM sent t CROSS JOIN nodes n ON n.key = t.key
WHERE t.seq IN (SELECT value FROM json_each(?)) ORDER BY t.seq`;

const FIND_KEPT = `
SELECT n.key, n.node_id, k.name AS kind, p.cloud, p.account, p.region, s.region AS scope_region,
  p.zone, n.id, n.name, n.extras
FROM nodes n CROSS JOIN kinds k ON k.kind = n.kind CROSS JOIN places p ON p.place = n.place
  CROSS JOIN scopes s ON s.scope = n.scope
WHERE p.cloud IN (SELECT value FROM json_each(?)) AND n.key NOT IN (SELECT key FROM sent)
ORDER BY n.key`;
