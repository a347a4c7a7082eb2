import type { Store } from "./store.ts";

/** What to keep; the stricter of the two counts, and the last run is always kept. */
export interface PruneOptions {
  /** Runs that started before are forgotten, with the history up to them. */
  readonly before?: Date;
  /** How many runs to keep at most. */
  readonly keepRuns?: number;
  /** Gives the freed space back to the file system; rewrites the whole file. */
  readonly compact?: boolean;
}

/** What pruning removed. */
export interface PruneStats {
  readonly runs: number;
  /** Former states of nodes. */
  readonly history: number;
}

/** Forgets old runs and the history that only they need. Nodes and their first sight stay. */
export function prune(store: Store, options: PruneOptions): PruneStats {
  const { db } = store;
  const stats = db.transaction(() => {
    const last = db.get<{ run: number | null }>(
      FIND_LAST_PRUNED,
      options.before?.toISOString() ?? null,
      options.keepRuns ?? null,
      store.options.now().toISOString(),
    )?.run ?? 0;
    db.run(`DELETE FROM ledger WHERE run <= ? AND NOT EXISTS (${LATEST_LOOK})`, last);
    db.run("DELETE FROM calls WHERE run <= ?", last);
    db.run("DELETE FROM coverage WHERE run <= ?", last);
    return {
      history: db.run("DELETE FROM history WHERE until_run <= ?", last),
      runs: db.run(
        "UPDATE runs SET pruned = 1, summary = NULL WHERE NOT pruned AND run <= ?",
        last,
      ),
    };
  });
  if (options.compact === true) db.exec("VACUUM");
  return stats;
}

/** The last record of a scope stays, however old: it says whether its nodes are stale. */
const LATEST_LOOK = "SELECT 1 FROM scopes s WHERE s.scope = ledger.scope AND s.run = ledger.run";

/**
 * A run is old when all before it are, too: one whose clock stood in the past takes none along, and
 * one whose clock stood in the future (`?3` is now) holds none back.
 */
const FIND_LAST_PRUNED = `
SELECT max(run) AS run FROM (
  SELECT run,
    max(started_at) FILTER (WHERE started_at <= ?3) OVER (ORDER BY run) AS youngest,
    row_number() OVER (ORDER BY run DESC) AS place FROM runs WHERE NOT pruned)
WHERE place > 1 AND (youngest < ?1 OR place > ?2)`;
