import { applyToStore, GuestCloud, type Limits, type SealedPlan } from "../../lib/cleanup/mod.ts";
import { BASE_KINDS, type NodeIdentity } from "../../lib/model/mod.ts";
import { startChanger } from "../../lib/sandbox/mod.ts";
import { type PluginEntry, systemClock } from "../../lib/sdk/mod.ts";
import {
  allNodes,
  changeFlags,
  openStore,
  type ReadNode,
  type Store,
} from "../../lib/store/mod.ts";
import type { ChangerOf } from "./changer_guest.ts";
import { silentLogger } from "./silent_logger.ts";

/** Opens a store that one plugin has collected into, for its clean-up. */
export async function openCollected(path: string, { model }: PluginEntry): Promise<Store> {
  const kinds = [...BASE_KINDS, ...model.kinds];
  return await openStore({ path, kinds, mode: "write", now: () => new Date() });
}

/** Marks nodes for clean-up. */
export function mark(store: Store, wanted: (node: ReadNode) => boolean): void {
  const nodes = [...allNodes(store)].filter(wanted).map(identityOf);
  changeFlags(store, nodes, { what: "mark", reason: "not needed", rule: "" });
}

/** What tells a node from all others. */
export function identityOf(node: ReadNode): NodeIdentity {
  const { kind, cloud, account, region, zone, id } = node;
  return { kind, cloud, account, region, zone, id, twin: "" };
}

/** Applies a plan through a real guest. */
export async function applyByGuest(
  store: Store,
  plan: SealedPlan,
  limits: Limits,
  { entry, options, seen = { env: {}, files: {} }, base }: ChangerOf,
) {
  const clock = { now: () => new Date(), sleep: systemClock.sleep };
  await using cloud = new GuestCloud(
    [{ entry, options: entry.manifest.options.parse(options), seen }],
    store.kinds,
    { startChanger },
    { fork: false, base, allowHelpers: [], idleMs: 60_000, log: silentLogger },
    clock,
  );
  return await applyToStore(store, plan, {
    cloud,
    limits,
    poolSize: 5,
    dryRun: false,
    verifyMs: 4_000,
    metrics: { cleanupFinished: () => {}, nodeCleaned: () => {}, cleanupFailed: () => {} },
    log: silentLogger,
    clock,
    signal: new AbortController().signal,
  });
}
