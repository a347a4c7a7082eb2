import {
  type CleanMetrics,
  cleanupAction,
  type CoreCleanup,
  GuestCloud,
  isAllWell,
} from "../cleanup/mod.ts";
import type { ActionContext, Core } from "../core/mod.ts";
import { CkError } from "../errors/mod.ts";
import { KindIndex } from "../model/mod.ts";
import { openStore } from "../store/mod.ts";
import type { DaemonPorts, DaemonRequest, Orders } from "./request.ts";

/** What the action `cleanup` is done with. */
export interface CleanActionOptions {
  readonly orders: () => Orders;
  readonly core: Core;
  readonly request: Pick<DaemonRequest, "store" | "changer" | "log" | "now">;
  readonly ports: Pick<DaemonPorts, "startChanger" | "clock">;
  readonly metrics: CleanMetrics;
  /** Aborted when the daemon stops: nothing more is begun. */
  readonly stop: AbortSignal;
  /** Aborted when a stop has lasted too long: the core is not told any more. */
  readonly deadline: AbortSignal;
}

/** Longest wait until a deleted node is seen to be gone, milliseconds. */
const VERIFY_MS = 15 * 60_000;
/** A guest that changes nodes ends when there was nothing to do for so long, milliseconds. */
const CHANGER_IDLE_MS = 60_000;
/** Lines that a core is told about one clean-up. */
const TOLD = 40;

/**
 * Does the action `cleanup`: what the core says is deleted, as far as the settings and the guards
 * allow. It ends well also where some could not be deleted: the core is told of each.
 * @throws CkError whose message the core is told
 */
export async function cleanAction(
  context: ActionContext,
  options: CleanActionOptions,
): Promise<void> {
  const { orders, core, request, ports, metrics, stop, deadline } = options;
  const { store: { path, kinds }, changer, log, now } = request;
  const { cleanup: { allowed, dryRun, poolSize, limits }, clouds, tagging } = orders();
  if (!allowed && !dryRun) {
    log.error("daemon.cleanup.off", "Nothing is cleaned up: --cleanup is not set");
    return context.info("error", "Nothing is cleaned up: the worker runs without --cleanup");
  }
  const signal = AbortSignal.any([context.signal, stop]);
  const clock = { now, sleep: (ms: number, signal: AbortSignal) => ports.clock.sleep(ms, signal) };
  const index = new KindIndex(kinds);
  // Another run of this store, such as one from cron, is waited for.
  using store = await openStore({
    ...{ path, now, mode: "write", wait: { signal } },
    kinds: [...index.all()],
  });
  const settings = { ...changer, idleMs: CHANGER_IDLE_MS, log };
  await using cloud = new GuestCloud(tagging(), index, ports, settings, clock);
  const done = await cleanupAction({
    ...{ core, kinds: index, clouds, limits, cleanup: allowed, dryRun, store, cloud, poolSize },
    ...{ verifyMs: VERIFY_MS, metrics, log, clock, signal },
    deadline: AbortSignal.any([context.signal, deadline]),
  });
  if (signal.aborted) {
    throw new CkError("cleanup.interrupted", "The clean-up was interrupted: the worker stops");
  }
  if (done !== undefined) tell(done, context);
}

/** Tells the core, for people, what was done and what was not, and why. */
function tell({ plan, report }: CoreCleanup, context: ActionContext): void {
  const amiss = report.results.filter((result) => !isAllWell({ results: [result] }));
  const counts = Object.entries(report.counts).map(([outcome, count]) => `${count} ${outcome}`);
  context.info("info", counts.length === 0 ? "Nothing to clean up" : counts.join(", "));
  const lines = [...amiss, ...plan.refusals].map(({ kind, id, account, why }) => ({
    text: `${kind} ${id} stays: ${why}`,
    account,
  }));
  for (const { text, account } of lines.slice(0, TOLD)) context.info("error", text, [account]);
  if (lines.length > TOLD) context.info("error", `… and ${lines.length - TOLD} more`);
}
