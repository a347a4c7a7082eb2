import { z } from "zod";
import { findRun, listRuns, openStore, showRun, type Store } from "../store/mod.ts";
import type { Kind } from "../model/mod.ts";
import {
  type CoreStatus,
  type HistoryPoint,
  type KindStatus,
  type QueueStatus,
  runOutcome,
  type RunReport,
  type RunStatus,
  runStatus,
  type StatusSnapshot,
} from "../web/mod.ts";
import type { Live } from "./live.ts";

/** Runs that the page shows, and runs that its charts go back. */
const RUNS = 12;
const HISTORY = 48;

/** What a status is made of. */
export interface StatusSources {
  readonly startedAt: Date;
  readonly version: string;
  readonly store: { readonly path: string; readonly kinds: readonly Kind[] };
  readonly live: Live;
  readonly core: () => CoreStatus;
  readonly queues: () => QueueStatus;
  readonly now: () => Date;
}

/** Makes the status of the moment; what is past is read from the store, each run once. */
export class StatusBoard {
  readonly #sources: StatusSources;
  readonly #reports = new Map<string, RunReport | undefined>();

  constructor(sources: StatusSources) {
    this.#sources = sources;
  }

  async snapshot(): Promise<StatusSnapshot> {
    const { startedAt, version, live, core, queues, now } = this.#sources;
    return {
      at: now().toISOString(),
      startedAt: startedAt.toISOString(),
      version,
      core: core(),
      running: live.running,
      queues: queues(),
      problems: live.problems,
      ...await this.#past(),
    };
  }

  /** A store that does not exist yet has no past. */
  async #past(): Promise<Pick<StatusSnapshot, "runs" | "kinds" | "history">> {
    const { store, now } = this.#sources;
    try {
      using open = await openStore({ path: store.path, kinds: store.kinds, mode: "read", now });
      return this.#read(open);
    } catch {
      return { runs: [], kinds: [], history: [] };
    }
  }

  #read(store: Store): Pick<StatusSnapshot, "runs" | "kinds" | "history"> {
    const records = listRuns(store).slice(0, HISTORY);
    this.#forgetOthers(new Set(records.map(({ id }) => id)));
    const runs = records.slice(0, RUNS).map((record): RunStatus => {
      const report = this.#report(store, record.id);
      if (report !== undefined) return runStatus(report);
      const { id, startedAt, finishedAt, exitCode, nodes, added, changed, removed, stale } = record;
      return {
        ...{ id, startedAt, finishedAt, nodes, added, changed, removed, stale },
        outcome: runOutcome(exitCode),
        scopes: {},
        collectors: record.collectors.map((name) => ({ name, status: "interrupted", reason: "" })),
        accounts: [],
      };
    });
    const reports = records.toReversed()
      .flatMap(({ id }) => this.#report(store, id) ?? []);
    return { runs, kinds: kindsOf(reports), history: reports.map(historyPoint) };
  }

  #report(store: Store, id: string): RunReport | undefined {
    if (!this.#reports.has(id)) {
      const { summary } = showRun(store, findRun(store, id).id);
      // An older version may have written other summaries.
      this.#reports.set(id, reportSchema.safeParse(summary).data);
    }
    return this.#reports.get(id);
  }

  #forgetOthers(ids: ReadonlySet<string>): void {
    for (const id of this.#reports.keys()) {
      if (!ids.has(id) || this.#reports.get(id) === undefined) this.#reports.delete(id);
    }
  }
}

function historyPoint({ finishedAt, kinds }: RunReport): HistoryPoint {
  return { at: finishedAt, nodes: kinds.reduce((sum, { nodes }) => sum + nodes, 0) };
}

/** Kinds of the last run with their number in each of the runs, oldest first. */
function kindsOf(reports: readonly RunReport[]): readonly KindStatus[] {
  const last = reports.at(-1);
  if (last === undefined) return [];
  const counts = reports.map(({ kinds }) => new Map(kinds.map((each) => [each.kind, each.nodes])));
  return last.kinds.map((each) => ({
    ...each,
    history: counts.map((count) => count.get(each.kind) ?? 0),
  }));
}

const count = z.number().default(0);
const changes = { nodes: count, added: count, changed: count, removed: count, stale: count };
const outcomes = z.record(z.string(), z.number().optional());

const reportSchema = z.object({
  run: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  exitCode: z.number(),
  collectors: z.array(z.object({
    name: z.string(),
    status: z.string(),
    reason: z.string(),
    error: z.object({ message: z.string(), hint: z.string().optional() }).exactOptional(),
  })),
  accounts: z.array(z.object({
    cloud: z.string(),
    account: z.string(),
    name: z.string(),
    nodes: z.number(),
    outcomes,
    faults: z.array(z.object({
      outcome: z.string(),
      call: z.string(),
      code: z.string(),
      message: z.string(),
      count: z.number(),
      regions: z.array(z.string()),
      kinds: z.array(z.string()),
      permission: z.string().exactOptional(),
      policy: z.boolean().exactOptional(),
    })),
  })),
  kinds: z.array(z.object({ kind: z.string(), ...changes })),
});
