import { StoreError } from "../errors/mod.ts";
import type { CallStats } from "../sdk/mod.ts";
import { readLedger } from "./scope_table.ts";
import type { Store } from "./store.ts";
import type { ScopeRecord } from "./types.ts";

/** One run in a list of runs. */
export interface RunRecord {
  readonly id: string;
  /** ISO times. */
  readonly startedAt: string;
  /** Null for a run that was interrupted or is still running. */
  readonly finishedAt: string | null;
  readonly exitCode: number | null;
  readonly collectors: readonly string[];
  readonly clouds: readonly string[];
  readonly version: string;
  /** Sums over its scopes. */
  readonly scopes: number;
  readonly nodes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly stale: number;
}

/** Everything that the store knows of a run. */
export interface RunDetails extends RunRecord {
  /** What the run's own summary said; null for an interrupted run. */
  readonly summary: unknown;
  readonly ledger: readonly ScopeRecord[];
  readonly calls: readonly CallStats[];
}

/** Runs, newest first. */
export function listRuns(store: Store): RunRecord[] {
  return store.db.all<RunRow>(
    `${SELECT_RUNS} WHERE NOT r.pruned GROUP BY r.run ORDER BY r.run DESC`,
  )
    .map(toRunRecord);
}

/**
 * One run with its ledger and calls.
 *
 * @param id id, unique beginning of an id, or `last`
 * @throws StoreError when there is no such run
 */
export function showRun(store: Store, id: string): RunDetails {
  const run = findRun(store, id);
  const row = store.db.get<RunRow & { summary: string | null }>(
    `${SELECT_RUNS} WHERE r.run = ? GROUP BY r.run`,
    run.run,
  );
  if (row === undefined) throw noRun(store, id);
  return {
    ...toRunRecord(row),
    summary: row.summary === null ? null : JSON.parse(row.summary),
    ledger: readLedger(store.db, run.run),
    calls: store.db.all<CallStats>(SELECT_CALLS, run.run),
  };
}

/** A run by its number here and its id. */
export interface FoundRun {
  readonly run: number;
  readonly id: string;
}

/**
 * Finds a run by id, unique beginning of an id, `last`, or `last~N`, the N-th before it.
 *
 * @throws StoreError when there is none or several
 */
export function findRun(store: Store, id: string): FoundRun {
  const back = /^last(?:~(\d{1,9}))?$/.exec(id);
  const found = back === null
    ? store.db.all<FoundRun>(FIND_BY_ID, id, id.length)
    : store.db.all<FoundRun>(FIND_BACK, Number(back[1] ?? 0));
  const exact = found.find((run) => run.id === id);
  const [first] = exact === undefined ? found : [exact];
  if (first === undefined && back !== null) throw tooFarBack(store, id);
  if (first === undefined || (exact === undefined && found.length > 1)) throw noRun(store, id);
  return first;
}

interface RunRow extends Omit<RunRecord, "collectors" | "clouds"> {
  readonly collectors: string;
  readonly clouds: string;
}

function toRunRecord(row: RunRow): RunRecord {
  const { id, startedAt, finishedAt, exitCode, version } = row;
  const { scopes, nodes, added, changed, removed, stale } = row;
  return {
    ...{ id, startedAt, finishedAt, exitCode, version },
    ...{ scopes, nodes, added, changed, removed, stale },
    collectors: JSON.parse(row.collectors),
    clouds: JSON.parse(row.clouds),
  };
}

function noRun(store: Store, id: string): StoreError {
  return new StoreError("open", `There is no single run "${id}" in the store "${store.path}"`, {
    context: { subject: id },
    hint: "See ckworker runs for the ids; `last` and `last~1` are understood too",
  });
}

function tooFarBack(store: Store, id: string): StoreError {
  const count = store.db.get<{ n: number }>("SELECT count(*) AS n FROM runs WHERE NOT pruned")?.n;
  const runs = count === 0 ? "no run" : count === 1 ? "one run only" : `${count} runs only`;
  return new StoreError("open", `The store "${store.path}" holds ${runs}: there is no ${id}`, {
    context: { subject: id },
    hint: "Collect again with ckworker --once; see ckworker runs for what there is",
  });
}

const SELECT_RUNS = `
SELECT r.id, r.started_at AS startedAt, r.finished_at AS finishedAt, r.exit_code AS exitCode,
  r.collectors, r.clouds, r.version, r.summary, count(l.scope) AS scopes,
  coalesce(sum(l.nodes), 0) AS nodes, coalesce(sum(l.added), 0) AS added,
  coalesce(sum(l.changed), 0) AS changed, coalesce(sum(l.removed), 0) AS removed,
  coalesce(sum(l.stale), 0) AS stale
FROM runs r LEFT JOIN ledger l ON l.run = r.run`;

const SELECT_CALLS = `
SELECT call, account, region, count, errors, throttles, retries, total_ms AS totalMs,
  max_ms AS maxMs, waited_ms AS waitedMs
FROM calls WHERE run = ? ORDER BY total_ms DESC`;

const FIND_BY_ID = `
SELECT run, id FROM runs WHERE NOT pruned AND substr(id, 1, ?2) = ?1 ORDER BY run LIMIT 2`;

const FIND_BACK = `
SELECT run, id FROM runs WHERE NOT pruned ORDER BY run DESC LIMIT 1 OFFSET ?`;
