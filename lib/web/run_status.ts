import type { RunOutcome, RunStatus } from "./status_snapshot.ts";

/** Error of a collector, as a run keeps it. */
interface RunError {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What the page needs of a run's summary. */
export interface RunReport {
  readonly run: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number;
  readonly collectors: readonly {
    readonly name: string;
    readonly status: string;
    readonly reason: string;
    readonly error?: RunError;
  }[];
  readonly accounts: readonly {
    readonly cloud: string;
    readonly account: string;
    readonly name: string;
    readonly nodes: number;
    readonly outcomes: Readonly<Partial<Record<string, number>>>;
    readonly faults: RunStatus["accounts"][number]["faults"];
  }[];
  readonly kinds: readonly {
    readonly kind: string;
    readonly nodes: number;
    readonly added: number;
    readonly changed: number;
    readonly removed: number;
    readonly stale: number;
  }[];
}

/** Accounts of one run that the page shows: those with faults first. */
const ACCOUNTS = 200;

/** A run's summary as the page shows it. */
export function runStatus(report: RunReport): RunStatus {
  const accounts = report.accounts.map(({ outcomes, ...rest }) => ({ ...rest, scopes: outcomes }));
  const faulty = accounts.filter(({ faults }) => faults.length > 0);
  const whole = accounts.filter(({ faults }) => faults.length === 0);
  return {
    id: report.run,
    startedAt: report.startedAt,
    finishedAt: report.finishedAt,
    outcome: runOutcome(report.exitCode),
    ...sums(report.kinds),
    scopes: addScopes(accounts.map(({ scopes }) => scopes)),
    collectors: report.collectors.map(({ name, status, reason, error }) => ({
      name,
      status,
      reason: error?.message ?? reason,
      ...(error?.hint === undefined ? {} : { hint: error.hint }),
    })),
    accounts: [...faulty, ...whole].slice(0, ACCOUNTS),
  };
}

/** The outcome that an exit code of a run stands for; null is a run that never told one. */
export function runOutcome(exitCode: number | null): RunOutcome {
  if (exitCode === 0) return "whole";
  if (exitCode === 3) return "incomplete";
  return exitCode === null || exitCode === 130 || exitCode === 143 ? "interrupted" : "failed";
}

function addScopes(all: readonly RunStatus["scopes"][]): RunStatus["scopes"] {
  const sum: Record<string, number> = {};
  for (const scopes of all) {
    for (const [outcome, count = 0] of Object.entries(scopes)) {
      sum[outcome] = (sum[outcome] ?? 0) + count;
    }
  }
  return sum;
}

function sums(
  kinds: RunReport["kinds"],
): Pick<RunStatus, "nodes" | "added" | "changed" | "removed" | "stale"> {
  const sum = { nodes: 0, added: 0, changed: 0, removed: 0, stale: 0 };
  for (const { nodes, added, changed, removed, stale } of kinds) {
    sum.nodes += nodes;
    sum.added += added;
    sum.changed += changed;
    sum.removed += removed;
    sum.stale += stale;
  }
  return sum;
}
