import type { CoreTarget } from "./core_target.ts";
import type { Store } from "./store.ts";

/** What happened between this store and a core about one cloud. */
export interface CloudAtCore {
  readonly cloud: string;
  /** Run in which the cloud's nodes at the core were last read into this store. */
  readonly adoptedRun?: string;
  /** Last run that the core took. */
  readonly acceptedRun?: string;
  /** ISO time. */
  readonly acceptedAt?: string;
  /** Level at which it was replaced. */
  readonly level?: string;
  /** Last run that had nothing to send about the cloud. */
  readonly idleRun?: string;
  /** What went wrong since the last success. */
  readonly failure?: {
    readonly run: string;
    /** ISO time. */
    readonly at: string;
    readonly text: string;
    /** The core refused the graph, and would do so again. */
    readonly refused: boolean;
  };
}

/** A finished run whose result some clouds of a core do not have yet. */
export interface PendingUpload {
  readonly run: string;
  readonly clouds: readonly string[];
  /** Those among them that the core refused: the same graph will be refused again. */
  readonly refused: readonly string[];
}

/** How an upload of a cloud ended. */
export type UploadEnd =
  | {
    readonly end: "accepted";
    readonly level: string;
  }
  | { readonly end: "idle" }
  | { readonly end: "failed"; readonly text: string; readonly refused: boolean };

/** What is known about the clouds of a core; empty for a core that is met for the first time. */
export function cloudsAtCore(store: Store, target: CoreTarget): readonly CloudAtCore[] {
  return store.db.all<AtCoreRow>(SELECT_CLOUDS, target.uri, target.graph).map((row) => ({
    cloud: row.cloud,
    ...(row.adopted === null ? {} : { adoptedRun: row.adopted }),
    ...(row.accepted === null ? {} : { acceptedRun: row.accepted }),
    ...(row.accepted_at === null ? {} : { acceptedAt: row.accepted_at }),
    ...(row.level === null ? {} : { level: row.level }),
    ...(row.idle === null ? {} : { idleRun: row.idle }),
    ...(row.failed === null ? {} : {
      failure: {
        run: row.failed,
        at: row.failed_at ?? "",
        text: row.failure ?? "",
        refused: row.refused === 1,
      },
    }),
  }));
}

/** Remembers that a run took a core's nodes of a cloud over, as far as it had not looked itself. */
export function recordAdoption(
  store: Store,
  target: CoreTarget,
  cloud: string,
  run: string,
): void {
  write(store, target, [cloud], (core) => {
    store.db.run(ADOPTED, run, store.options.now().toISOString(), core, cloud);
  });
}

/**
 * Remembers that a finished run was made for a core. Other runs of this store are none of the core's
 * business: what they found may be old, or was never meant for it.
 */
export function recordDue(
  store: Store,
  target: CoreTarget,
  clouds: readonly string[],
  run: string,
): void {
  write(store, target, clouds, (core) => {
    for (const cloud of clouds) store.db.run(DUE, run, core, cloud);
  });
}

/** Remembers how the upload of clouds ended. */
export function recordUpload(
  store: Store,
  target: CoreTarget,
  run: string,
  ends: ReadonlyMap<string, UploadEnd>,
): void {
  const now = store.options.now().toISOString();
  write(store, target, [...ends.keys()], (core) => {
    for (const [cloud, end] of ends) {
      if (end.end === "accepted") {
        store.db.run(ACCEPTED, run, now, core, cloud, end.level);
      } else if (end.end === "idle") {
        store.db.run(IDLE, run, core, cloud);
      } else {
        store.db.run(FAILED, run, now, core, cloud, end.text, Number(end.refused));
      }
    }
  });
}

/**
 * What a core has not been told yet: the last run of each cloud that was made for it, where the core
 * neither took it nor was there anything to send. Oldest run first.
 */
export function pendingUploads(store: Store, target: CoreTarget): readonly PendingUpload[] {
  const known = new Map(cloudsAtCore(store, target).map((each) => [each.cloud, each]));
  const pending = new Map<string, { clouds: string[]; refused: string[] }>();
  for (const { run, cloud } of store.db.all<DueRow>(SELECT_DUE, target.uri, target.graph)) {
    const at = known.get(cloud);
    if (at?.acceptedRun === run || at?.idleRun === run) continue;
    const entry = pending.get(run) ?? { clouds: [], refused: [] };
    entry.clouds.push(cloud);
    if (at?.failure?.refused === true && at.failure.run === run) entry.refused.push(cloud);
    pending.set(run, entry);
  }
  return [...pending].map(([run, entry]) => ({ run, ...entry }));
}

/** When a run ended, ISO time; undefined for one that did not, or is not known any more. */
export function finishedAt({ db }: Store, run: string): string | undefined {
  const sql = "SELECT finished_at AS at FROM runs WHERE id = ?";
  return db.get<{ at: string | null }>(sql, run)?.at ?? undefined;
}

function write(
  store: Store,
  { uri, graph }: CoreTarget,
  clouds: readonly string[],
  work: (core: number) => void,
): void {
  const { db } = store;
  db.transaction(() => {
    db.run("INSERT OR IGNORE INTO cores(uri, graph) VALUES (?, ?)", uri, graph);
    const found = "SELECT core FROM cores WHERE uri = ? AND graph = ?";
    const core = db.get<{ core: number }>(found, uri, graph)?.core ?? 0;
    for (const cloud of clouds) {
      db.run("INSERT OR IGNORE INTO uploads(core, cloud) VALUES (?, ?)", core, cloud);
    }
    work(core);
  });
}

interface DueRow {
  readonly run: string;
  readonly cloud: string;
}

interface AtCoreRow {
  readonly cloud: string;
  readonly adopted: string | null;
  readonly accepted: string | null;
  readonly accepted_at: string | null;
  readonly level: string | null;
  readonly idle: string | null;
  readonly failed: string | null;
  readonly failed_at: string | null;
  readonly failure: string | null;
  readonly refused: number;
}

const SELECT_CLOUDS = `
SELECT u.cloud, a.id AS adopted, c.id AS accepted, u.accepted_at, u.level, i.id AS idle,
  f.id AS failed, u.failed_at, u.failure, u.refused
FROM cores o JOIN uploads u ON u.core = o.core
  LEFT JOIN runs a ON a.run = u.adopted_run LEFT JOIN runs c ON c.run = u.accepted_run
  LEFT JOIN runs i ON i.run = u.idle_run LEFT JOIN runs f ON f.run = u.failed_run
WHERE o.uri = ? AND o.graph = ? ORDER BY u.cloud`;

const RUN = "(SELECT run FROM runs WHERE id = ?1)";

const ADOPTED = `
UPDATE uploads SET adopted_run = ${RUN}, adopted_at = ?2 WHERE core = ?3 AND cloud = ?4`;

const SUCCESS = "failed_run = NULL, failed_at = NULL, failure = NULL, refused = 0";

const ACCEPTED = `
UPDATE uploads SET accepted_run = ${RUN}, accepted_at = ?2, level = ?5, ${SUCCESS}
WHERE core = ?3 AND cloud = ?4`;

const IDLE = `UPDATE uploads SET idle_run = ${RUN}, ${SUCCESS} WHERE core = ?2 AND cloud = ?3`;

const FAILED = `
UPDATE uploads SET failed_run = ${RUN}, failed_at = ?2, failure = ?5, refused = ?6
WHERE core = ?3 AND cloud = ?4`;

const DUE = `UPDATE uploads SET due_run = ${RUN} WHERE core = ?2 AND cloud = ?3`;

const SELECT_DUE = `
SELECT r.id AS run, u.cloud FROM cores o JOIN uploads u ON u.core = o.core
  JOIN runs r ON r.run = u.due_run
WHERE o.uri = ? AND o.graph = ? AND NOT r.pruned ORDER BY r.run, u.cloud`;
