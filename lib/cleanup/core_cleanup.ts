import type { Core, CoreRecord } from "../core/mod.ts";
import type { KindIndex, NodeIdentity } from "../model/mod.ts";
import { identityText } from "../model/mod.ts";
import { accountRow, findCleanRow, type Store } from "../store/mod.ts";
import { CoreGraph } from "./core_graph.ts";
import { CoreDecisions } from "./core_decisions.ts";
import { cleanupQuery } from "./core_queries.ts";
import { executePlan } from "./execute.ts";
import type { ExecuteOptions } from "./execute_options.ts";
import { type CleanNode, nodeText } from "./graph_reader.ts";
import type { Limits } from "./guards.ts";
import { type Knowledge, type KnownNode, MemoryJournal } from "./known.ts";
import { makePlan, type Plan } from "./plan.ts";
import { sealPlan } from "./plan_file.ts";
import type { CleanReport, Decision } from "./report.ts";
import { countDeletable, toCleanNode } from "./store_graph.ts";
import { StoreKnowledge } from "./store_knowledge.ts";

/** What a clean-up that a core asks for is made with. */
export interface CoreCleanupOptions
  extends Pick<ExecuteOptions, "cloud" | "poolSize" | "verifyMs" | "metrics" | "log" | "clock"> {
  readonly core: Core;
  readonly kinds: KindIndex;
  /** Only nodes of these clouds; empty for all. */
  readonly clouds: readonly string[];
  /** As the settings have it: a cap that nobody set is none, which is told. */
  readonly limits: Omit<Limits, "trustUnknown">;
  /** Without it nothing is deleted. */
  readonly cleanup: boolean;
  /** Goes before the consent. */
  readonly dryRun: boolean;
  /** Open to write; what was collected into it vouches for what the core says. */
  readonly store?: Store;
  /** Aborted when nothing more shall be begun. */
  readonly signal: AbortSignal;
  /** Aborted when the core shall be waited for no longer. */
  readonly deadline: AbortSignal;
}

/** What a clean-up for a core came to. */
export interface CoreCleanup {
  readonly plan: Plan;
  readonly report: CleanReport;
}

/**
 * Does the action `cleanup` of a core: asks it for what is to be cleaned up, plans as for a store,
 * carries the plan out and tells the core what became of each node.
 * @returns undefined when nothing was to be done, for want of consent
 * @throws CoreUnreachableError, CoreRejectedError when the core cannot be asked, or cannot be told: it
 *   gives out the same nodes again then, which are found to be gone
 */
export async function cleanupAction(
  options: CoreCleanupOptions,
): Promise<CoreCleanup | undefined> {
  const { core, kinds, log, dryRun, cleanup, store, clock, deadline } = options;
  if (!cleanup && !dryRun) {
    log.error("cleanup.no_consent", "Nothing is cleaned up: --cleanup is not set");
    return undefined;
  }
  const graph = await ask(options);
  const limits = limitsOf(options);
  const source = { type: "core", id: core.name, name: core.name } as const;
  const sealed = sealPlan(makePlan({ reader: graph, kinds, limits, source, now: clock.now() }));
  tellPlan(sealed.plan, options);
  const decisions = new CoreDecisions(kinds, clock);
  let report: CleanReport;
  try {
    report = await executePlan(sealed, {
      ...options,
      limits,
      knowledge: new CoreKnowledge(graph, store, decisions),
      journal: new MemoryJournal(),
    });
  } catch (error) {
    // What was deleted before is gone, whatever broke.
    if (!dryRun) await core.patch(decisions.patches(), deadline);
    throw error;
  }
  if (dryRun) return { plan: sealed.plan, report };
  decisions.refused(sealed.plan.refusals);
  await core.patch(decisions.patches(), deadline);
  return { plan: sealed.plan, report };
}

async function ask(options: CoreCleanupOptions): Promise<CoreGraph> {
  const { core, clouds, kinds, store, log, deadline } = options;
  const query = cleanupQuery(await core.dialect(deadline), clouds);
  const records: CoreRecord[] = [];
  for await (const record of core.query(query, deadline)) records.push(record);
  const graph = new CoreGraph(records, kinds, {
    stored: (node) => storedNode(store, node),
    deletable: (cloud, account) =>
      store === undefined ? undefined : countDeletable(store, cloud, account),
  });
  if (graph.twice > 0) {
    log.warn(
      "cleanup.twice",
      `The core has ${graph.twice} nodes under two ids; one of each counts`,
    );
  }
  return graph;
}

/** The core's own rules decide how much is cleaned up, unless somebody set a cap here. */
function limitsOf({ limits, log }: CoreCleanupOptions): Limits {
  if (limits.cap.form !== "default") return { ...limits, trustUnknown: true };
  log.warn(
    "cleanup.no_cap",
    "Under a core there is no cap on how much is cleaned up; set one with --cleanup-max",
  );
  return { ...limits, cap: { form: "none" }, trustUnknown: true };
}

function tellPlan({ refusals, entries }: Plan, { log, metrics }: CoreCleanupOptions): void {
  log.info("cleanup.plan", `${entries.length} nodes to clean up, ${refusals.length} refused`);
  for (const refusal of refusals) {
    const { cloud, account, region, kind, guard, why } = refusal;
    const outcome = guard === "held_back" ? guard : "refused";
    metrics.nodeCleaned(cloud, outcome);
    log.warn("cleanup.refused", `${nodeText(refusal)}: ${why}`, { account, region, kind, guard });
  }
}

function storedNode(store: Store | undefined, identity: NodeIdentity): CleanNode | undefined {
  const row = store === undefined ? undefined : findCleanRow(store, identity);
  return row === undefined ? undefined : toCleanNode(row);
}

/** What the core answered, with what the store knows at this moment. */
class CoreKnowledge implements Knowledge {
  readonly #nodes: ReadonlyMap<string, CleanNode>;
  readonly #graph: CoreGraph;
  readonly #store: Store | undefined;
  readonly #decisions: CoreDecisions;

  constructor(graph: CoreGraph, store: Store | undefined, decisions: CoreDecisions) {
    this.#graph = graph;
    this.#store = store;
    this.#decisions = decisions;
    this.#nodes = new Map(
      graph.marked().flatMap((key) => graph.node(key) ?? [])
        .map((node) => [identityText(node), node]),
    );
  }

  find(identity: NodeIdentity): KnownNode | undefined {
    const node = this.#nodes.get(identityText(identity));
    if (node === undefined) return undefined;
    const stored = storedNode(this.#store, identity);
    const now = stored?.protected === true ? { ...node, protected: true } : node;
    return { node: now, account: this.#accountOf(node), foreign: this.#graph.isForeign(node) };
  }

  decided(identity: NodeIdentity, decision: Decision): void {
    const node = this.#nodes.get(identityText(identity));
    if (node !== undefined) this.#decisions.decided(node, decision);
    if (this.#store !== undefined && storedNode(this.#store, identity) !== undefined) {
      new StoreKnowledge(this.#store).decided(identity, decision);
    }
  }

  /** The store knows the role that the account was collected with, whatever the core kept of it. */
  #accountOf(node: CleanNode): KnownNode["account"] {
    const { cloud, account } = node;
    const row = this.#store === undefined ? undefined : accountRow(this.#store, cloud, account);
    if (row !== undefined) return { name: row.name, reported: toCleanNode(row).reported };
    return this.#graph.account(node) ?? { name: account, reported: {} };
  }
}
