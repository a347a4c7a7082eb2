import { identityText, type NodeIdentity } from "../model/mod.ts";
import { pruneJournal, type Store, storeId } from "../store/mod.ts";
import { executePlan } from "./execute.ts";
import type { ExecuteOptions } from "./execute_options.ts";
import type { Limits, Refusal } from "./guards.ts";
import { makePlan, type Plan, type PlanSource } from "./plan.ts";
import { type SealedPlan, sealPlan } from "./plan_file.ts";
import { type CleanReport, GONE } from "./report.ts";
import { StoreGraph } from "./store_graph.ts";
import { StoreJournal, StoreKnowledge } from "./store_knowledge.ts";

/** How long the journal of a plan is kept after its last entry, milliseconds. */
const JOURNAL_MS = 90 * 24 * 3_600_000;

/** The store as the source of plans; it has to be open to write. */
export function storeSource(store: Store): PlanSource {
  return { type: "store", id: storeId(store), name: store.path };
}

/**
 * Plans the clean-up of what is marked in a store.
 * @param gone nodes that count as marked although their marks have ended with them
 */
export function planStore(
  store: Store,
  limits: Limits,
  gone: Iterable<NodeIdentity> = [],
): SealedPlan {
  const { kinds, options } = store;
  return sealPlan(makePlan({
    reader: new StoreGraph(store, gone),
    kinds,
    limits,
    source: storeSource(store),
    now: options.now(),
  }));
}

/**
 * Carries a plan of a store out. What a plan that is made now would not do, for whatever reason, is
 * not done either: a protection, a new look at a scope, or something that needs a node counts from the
 * moment it is known. The cap counts when a plan is made.
 * @throws StoreError when what was done cannot be kept
 */
export async function applyToStore(
  store: Store,
  plan: SealedPlan,
  options: Omit<ExecuteOptions, "kinds" | "knowledge" | "journal" | "refused">,
): Promise<CleanReport> {
  const now = store.options.now();
  if (!options.dryRun) pruneJournal(store, new Date(now.getTime() - JOURNAL_MS));
  const journal = new StoreJournal(store, plan.hash);
  const limits: Limits = { ...options.limits, cap: { form: "none" } };
  const fresh = planStore(store, limits, goneBefore(plan.plan, journal));
  return await executePlan(plan, {
    ...options,
    kinds: store.kinds,
    knowledge: new StoreKnowledge(store),
    journal,
    refused: refusedNow(plan.plan, fresh.plan),
  });
}

/** What was deleted when the plan was carried out before is no reason to refuse what is left. */
function goneBefore({ entries }: Plan, journal: StoreJournal): readonly NodeIdentity[] {
  const known = journal.read();
  return entries.filter((entry) => {
    const found = known.get(identityText(entry));
    return found?.state === "decided" && GONE.has(found.decision.outcome);
  });
}

/** Entries that the plan of this moment does not have, or has otherwise. */
function refusedNow(plan: Plan, fresh: Plan): ReadonlyMap<string, Refusal> {
  const entries = new Map(fresh.entries.map((entry) => [identityText(entry), entry]));
  const refusals = new Map(fresh.refusals.map((each) => [identityText(each), each]));
  return new Map(plan.entries.flatMap((entry) => {
    const text = identityText(entry);
    const refusal = refusals.get(text);
    if (refusal !== undefined) return [[text, { guard: refusal.guard, why: refusal.why }]];
    const now = entries.get(text);
    if (now === undefined) return [[text, NOT_MARKED]];
    const known = new Set(plan.entries.map(identityText));
    const others = now.after.filter((each) => known.has(each) && !entry.after.includes(each));
    return now.action === entry.action && others.length === 0 ? [] : [[text, REORDERED]];
  }));
}

const NOT_MARKED: Refusal = { guard: "not_marked", why: "it is not marked for clean-up" };

const REORDERED: Refusal = {
  guard: "changed",
  why: "what depends on it has changed since the plan was made",
};
