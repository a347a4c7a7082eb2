import pMap from "p-map";
import { CkError } from "../errors/mod.ts";
import { identityOf, identityText } from "../model/mod.ts";
import { Attempt, type Ready } from "./attempt.ts";
import type { ExecuteOptions } from "./execute_options.ts";
import { nodeText } from "./graph_reader.ts";
import type { JournalEntry } from "./known.ts";
import type { PlanEntry } from "./plan.ts";
import type { SealedPlan } from "./plan_file.ts";
import {
  type CleanOutcome,
  type CleanReport,
  type CleanResult,
  countOutcomes,
  type Decision,
  GONE,
} from "./report.ts";

/**
 * Carries a plan out: level by level, leaves first. Each node is read right before it is deleted and
 * left alone when it is not as it was planned; one that stays holds back what it stands on. Nothing
 * that is not in the plan is touched. Carried out again, it goes on with what is left.
 * @throws StoreError when what was done cannot be kept: nothing more is begun then
 */
export async function executePlan(
  plan: SealedPlan,
  options: ExecuteOptions,
): Promise<CleanReport> {
  return await new Execution(plan, options).run();
}

/** Outcomes of a change that was asked for. */
const MADE: ReadonlySet<CleanOutcome> = new Set(["failed", "unverified"]);
/** Nodes that are asked for at once while they go. */
const WATCHED = 50;

class Execution {
  readonly #plan: SealedPlan;
  readonly #options: ExecuteOptions;
  readonly #before: ReadonlyMap<string, JournalEntry>;
  readonly #decisions = new Map<string, Decision & { readonly earlier: boolean }>();
  /** Nodes that something may have been changed about, now or earlier. */
  readonly #begun: Set<string>;
  readonly #attempt: Attempt;

  constructor(plan: SealedPlan, options: ExecuteOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#before = options.journal.read();
    this.#begun = new Set(this.#before.keys());
    this.#attempt = new Attempt(options);
  }

  async run(): Promise<CleanReport> {
    const { clock, metrics, dryRun } = this.#options;
    const startedAt = clock.now();
    const { entries } = this.#plan.plan;
    this.#recall(entries);
    for (const entry of entries) if (entry.action === "ended") this.#end(entry);
    const levels = Map.groupBy(entries, ({ level }) => level);
    for (const level of [...levels.keys()].sort((a, b) => a - b)) {
      const { delete: called = [], goes_with: going = [] } = Object.groupBy(
        levels.get(level) ?? [],
        ({ action }) => action,
      );
      await this.#level(called);
      await this.#along(going);
    }
    const finishedAt = clock.now();
    metrics.cleanupFinished((finishedAt.getTime() - startedAt.getTime()) / 1_000);
    const results = entries.map((entry) => this.#resultOf(entry));
    return {
      plan: this.#plan.hash,
      dryRun,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      results,
      counts: countOutcomes(results),
    };
  }

  /** What is gone since an earlier time stays decided; everything else is tried again. */
  #recall(entries: readonly PlanEntry[]): void {
    for (const entry of entries) {
      const known = this.#before.get(identityText(entry));
      if (known?.state !== "decided" || !GONE.has(known.decision.outcome)) continue;
      this.#decisions.set(identityText(entry), { ...known.decision, earlier: true });
    }
  }

  #end(entry: PlanEntry): void {
    if (this.#isDecided(entry)) return;
    const refusal = this.#options.refused?.get(identityText(entry)) ??
      this.#attempt.guard(entry);
    if (refusal !== undefined) this.#decide(entry, { outcome: "refused", ...refusal });
    else if (this.#options.dryRun) this.#decide(entry, { outcome: "dry_run", why: "" });
    else this.#decide(entry, { outcome: "ended", why: "" });
  }

  /** All are prepared before the first is deleted: some are in each other's way until then. */
  async #level(entries: readonly PlanEntry[]): Promise<void> {
    const open = entries.filter((entry) => !this.#isDecided(entry) && this.#admit(entry));
    const concurrency = this.#options.poolSize;
    await pMap(open, (entry) => this.#prepare(entry), { concurrency });
    const ready = open.filter((entry) => !this.#isDecided(entry));
    const ordered: Ready[] = [];
    await pMap(ready, async (entry) => {
      const made = await this.#delete(entry);
      if (made !== undefined) ordered.push(made);
    }, { concurrency });
    await pMap(ordered, (made) => this.#verify(made), { concurrency: WATCHED });
  }

  /** Asks everything that can be asked without the cloud; false when that decides it. */
  #admit(entry: PlanEntry): boolean {
    const { refused, dryRun, signal } = this.#options;
    const stays = entry.after.find((text) => !this.#isGone(text));
    const refusal = refused?.get(identityText(entry)) ?? this.#attempt.guard(entry);
    if (refusal !== undefined) {
      const outcome = refusal.guard === "held_back" ? "held_back" : "refused";
      this.#decide(entry, { outcome, ...refusal });
    } else if (stays !== undefined && !dryRun) {
      this.#decide(entry, { outcome: "held_back", why: `${this.#textOf(stays)} needs it` });
    } else if (dryRun) {
      const held = stays === undefined ? undefined : this.#decisions.get(stays);
      const isKept = held !== undefined && held.outcome !== "dry_run";
      this.#decide(
        entry,
        isKept
          ? { outcome: "held_back", why: `${this.#textOf(stays ?? "")} needs it` }
          : { outcome: "dry_run", why: "" },
      );
    } else if (signal.aborted) {
      this.#decide(entry, { outcome: "interrupted", why: "it was not begun with" });
    } else return true;
    return false;
  }

  async #prepare(entry: PlanEntry): Promise<void> {
    if (!this.#attempt.isPrepared(entry)) return;
    await this.#guarded(entry, "pre_cleanup", async () => {
      const found = await this.#attempt.inspect(entry, this.#isTouched(entry));
      if ("decision" in found) return found.decision;
      this.#begin(entry);
      return await this.#attempt.prepare(found.ready);
    });
  }

  async #delete(entry: PlanEntry): Promise<Ready | undefined> {
    let ordered: Ready | undefined;
    await this.#guarded(entry, "cleanup", async () => {
      const found = await this.#attempt.inspect(entry, this.#isTouched(entry));
      if ("decision" in found) return found.decision;
      this.#begin(entry);
      const decision = await this.#attempt.delete(found.ready);
      if (decision === undefined) ordered = found.ready;
      return decision;
    });
    return ordered;
  }

  async #verify(made: Ready): Promise<void> {
    await this.#guarded(made.entry, "cleanup", () => this.#attempt.verify(made));
  }

  /**
   * Nobody calls for these; they are looked for when their partners are gone, and before what stands
   * on them is deleted: some go minutes later.
   */
  async #along(entries: readonly PlanEntry[]): Promise<void> {
    await pMap(entries.filter((entry) => !this.#isDecided(entry)), async (entry) => {
      const partner = entry.with ?? "";
      if (this.#options.dryRun) {
        const outcome = this.#decisions.get(partner)?.outcome === "dry_run"
          ? "dry_run"
          : "held_back";
        return this.#decide(entry, { outcome, why: `it goes with ${this.#textOf(partner)}` });
      }
      if (!this.#isGone(partner)) {
        const why = `${this.#textOf(partner)}, with which it goes, stays`;
        return this.#decide(entry, { outcome: "held_back", why });
      }
      await this.#guarded(entry, "cleanup", () => this.#attempt.watch(entry));
    }, { concurrency: WATCHED });
  }

  /** Decides what a step decided; a fault of the outside is a decision, a bug is not. */
  async #guarded(
    entry: PlanEntry,
    step: "pre_cleanup" | "cleanup",
    work: () => Promise<Decision | undefined>,
  ): Promise<void> {
    const { signal, clock, metrics, log } = this.#options;
    if (this.#isDecided(entry)) return;
    const start = clock.now().getTime();
    let decision: Decision | undefined;
    try {
      signal.throwIfAborted();
      decision = await work();
    } catch (error) {
      if (signal.aborted) {
        return this.#decide(entry, { outcome: "interrupted", why: "it is not known how it went" });
      }
      if (!(error instanceof CkError) || error.code.startsWith("store.")) throw error;
      const { cloud, account, region, kind } = entry;
      metrics.cleanupFailed(step, { cloud, account, region, kind });
      log.error("cleanup.failed", `${nodeText(entry)}: ${error.message}`, {
        account,
        region,
        kind,
      });
      decision = { outcome: "failed", why: error.message };
    }
    const seconds = (clock.now().getTime() - start) / 1_000;
    if (decision !== undefined) this.#decide(entry, decision, seconds);
  }

  #begin(entry: PlanEntry): void {
    this.#begun.add(identityText(entry));
    this.#options.journal.write(identityText(entry), { state: "begun" });
  }

  #decide(entry: PlanEntry, decision: Decision, seconds?: number): void {
    const { dryRun, journal, knowledge, metrics, log } = this.#options;
    const text = identityText(entry);
    this.#decisions.set(text, { ...decision, earlier: false });
    const { cloud, account, region, kind } = entry;
    const said = decision.why === "" ? "" : `: ${decision.why}`;
    const message = `${nodeText(entry)}: ${decision.outcome.replaceAll("_", " ")}${said}`;
    log.info("cleanup.node", message, { account, region, kind });
    metrics.nodeCleaned(cloud, decision.outcome, seconds);
    // What was not decided is left as it was, begun with or not.
    if (dryRun || decision.outcome === "interrupted") return;
    knowledge.decided(identityOf(entry), decision);
    // A node that nothing was done to needs no entry, and would look like one that was begun with.
    const isDone = GONE.has(decision.outcome) ||
      this.#begun.has(text) && MADE.has(decision.outcome);
    if (isDone) journal.write(text, { state: "decided", decision: withoutTimes(decision) });
  }

  #isTouched(entry: PlanEntry): boolean {
    return this.#begun.has(identityText(entry)) ||
      entry.after.some((text) => this.#isGone(text));
  }

  #isDecided(entry: PlanEntry): boolean {
    return this.#decisions.has(identityText(entry));
  }

  #isGone(text: string): boolean {
    const outcome: CleanOutcome | undefined = this.#decisions.get(text)?.outcome;
    return outcome !== undefined && GONE.has(outcome);
  }

  #textOf(text: string): string {
    const entry = this.#plan.plan.entries.find((each) => identityText(each) === text);
    return entry === undefined ? "something" : nodeText(entry);
  }

  #resultOf(entry: PlanEntry): CleanResult {
    const { nodeId, name, regionName, reason } = entry;
    const decision = this.#decisions.get(identityText(entry)) ??
      { outcome: "interrupted", why: "it was not begun with", earlier: false } as const;
    return { ...identityOf(entry), nodeId, name, regionName, reason, ...decision };
  }
}

function withoutTimes({ outcome, guard, why }: Decision): Decision {
  return { outcome, why, ...(guard === undefined ? {} : { guard }) };
}
