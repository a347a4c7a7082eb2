import {
  applyToStore,
  type CleanMetrics,
  type CleanReport,
  GuestCloud,
  isAllWell,
  type Plan,
  planStore,
} from "../cleanup/mod.ts";
import type { Store } from "../store/mod.ts";
import { groupNodes } from "./group.ts";
import type { WorkflowPorts, WorkflowRequest } from "./request.ts";
import { CHANGER_IDLE_MS } from "./tagging.ts";
import type { CleanupGroup, CleanupSummary } from "./summary.ts";

/** Longest wait until a deleted node is seen to be gone, milliseconds. */
const VERIFY_MS = 15 * 60_000;

/** Nobody asks a single run for figures. */
const NO_METRICS: CleanMetrics = {
  cleanupFinished: () => {},
  nodeCleaned: () => {},
  cleanupFailed: () => {},
};

/**
 * Plans the clean-up of what is marked in a store, and carries it out at once.
 * @throws StoreError when what was done cannot be kept
 */
export async function cleanStore(
  store: Store,
  request: WorkflowRequest,
  ports: Pick<WorkflowPorts, "startChanger" | "sleep">,
): Promise<CleanupSummary> {
  const { cleanup, changers, changer, log, now, signal } = request;
  const { limits, poolSize, allowed } = cleanup;
  const dryRun = cleanup.dryRun || !allowed;
  const sealed = planStore(store, limits);
  const clock = { now, sleep: ports.sleep };
  const settings = { ...changer, idleMs: CHANGER_IDLE_MS, log };
  await using cloud = new GuestCloud(changers, store.kinds, ports, settings, clock);
  const report = await applyToStore(store, sealed, {
    cloud,
    limits,
    poolSize,
    dryRun,
    verifyMs: VERIFY_MS,
    metrics: NO_METRICS,
    log,
    clock,
    signal,
  });
  return { dryRun, groups: groupsOf(sealed.plan, report) };
}

function groupsOf({ refusals }: Plan, { results }: CleanReport): readonly CleanupGroup[] {
  const planned = refusals.map(({ cloud, account, kind, guard, why }) => ({
    ...{ cloud, account, kind, reason: why },
    facts: { outcome: `refused: ${guard}`, isWell: false },
  }));
  const done = results.map((result) => {
    const { cloud, account, kind, outcome, guard, why, reason } = result;
    const isWell = isAllWell({ results: [result] });
    const name = guard === undefined ? outcome : `${outcome}: ${guard}`;
    return { cloud, account, kind, reason: why || reason, facts: { outcome: name, isWell } };
  });
  return groupNodes([...done, ...planned]);
}
