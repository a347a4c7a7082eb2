import type { Database } from "./database.ts";
import type { RunEnd, RunStart } from "./types.ts";

/** Writes that a run has begun; returns its number. */
export function insertRun(db: Database, start: RunStart): number {
  return db.transaction(() => {
    db.run(
      "INSERT INTO runs(id, started_at, collectors, clouds, version) VALUES (?, ?, ?, ?, ?)",
      start.id,
      start.startedAt.toISOString(),
      collectorsText(start),
      JSON.stringify(start.clouds.toSorted()),
      start.version,
    );
    return db.get<{ run: number }>("SELECT run FROM runs WHERE id = ?", start.id)?.run ?? 0;
  });
}

/** Writes how a run ended, and what it learned. */
export function finishRun(db: Database, run: number, end: RunEnd): void {
  for (const call of end.calls) {
    db.run(
      INSERT_CALL,
      ...[run, call.call, call.account, call.region, call.count, call.errors, call.throttles],
      ...[call.retries, call.totalMs, call.maxMs, call.waitedMs],
    );
  }
  for (const { key, rate, at } of end.budgets) {
    db.run("INSERT OR REPLACE INTO budgets(key, rate, at) VALUES (?, ?, ?)", key, rate, at);
  }
  db.run(
    "UPDATE runs SET finished_at = ?, exit_code = ?, summary = ? WHERE run = ?",
    end.finishedAt.toISOString(),
    end.exitCode,
    JSON.stringify(end.summary),
    run,
  );
}

/** Text by which runs of the same collectors are found. */
export function collectorsText(start: RunStart): string {
  return JSON.stringify(start.collectors.toSorted());
}

const INSERT_CALL = `
INSERT INTO calls(run, call, account, region, count, errors, throttles, retries, total_ms, max_ms,
  waited_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET count = count + excluded.count, errors = errors + excluded.errors,
  throttles = throttles + excluded.throttles, retries = retries + excluded.retries,
  total_ms = total_ms + excluded.total_ms, max_ms = max(max_ms, excluded.max_ms),
  waited_ms = waited_ms + excluded.waited_ms`;
