import type { NodeIdentity } from "../model/mod.ts";
import type { Guard } from "./guards.ts";

/**
 * What became of a node of a plan.
 * - `cleaned`: deleted, and seen to be gone · `already_gone`: gone before anything was done
 * - `unverified`: the cloud took the order; it was not seen to be gone
 * - `goes_with_parent`: the cloud deleted it together with another one, and it is gone
 * - `ended`: it did not exist any more when the plan was made
 * - `refused`: a guard said no · `held_back`: something that needs it stays
 * - `failed`: the cloud or its plugin did not do it · `interrupted`: not begun, or not known how it went
 * - `dry_run`: would have been deleted
 */
export const CLEAN_OUTCOMES = [
  "cleaned",
  "already_gone",
  "unverified",
  "goes_with_parent",
  "ended",
  "refused",
  "held_back",
  "failed",
  "interrupted",
  "dry_run",
] as const;
export type CleanOutcome = typeof CLEAN_OUTCOMES[number];

/** How one node was decided. */
export interface Decision {
  readonly outcome: CleanOutcome;
  /** The guard that refused it. */
  readonly guard?: Guard;
  /** For people; empty when the outcome says it all. */
  readonly why: string;
}

/** One node of a report. */
export interface CleanResult extends NodeIdentity, Decision {
  readonly nodeId: string;
  readonly name: string;
  readonly regionName: string;
  readonly reason: string;
  /** It was decided when the plan was carried out before. */
  readonly earlier: boolean;
}

/** What carrying a plan out came to. */
export interface CleanReport {
  /** Hash of the plan. */
  readonly plan: string;
  readonly dryRun: boolean;
  /** ISO times. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** In the order of the plan. */
  readonly results: readonly CleanResult[];
  /** How many of each outcome. */
  readonly counts: Readonly<Partial<Record<CleanOutcome, number>>>;
}

/** Outcomes after which a node does not exist any more. */
export const GONE: ReadonlySet<CleanOutcome> = new Set([
  "cleaned",
  "already_gone",
  "goes_with_parent",
  "ended",
]);

/** Outcomes that are not as the plan had it. */
const AMISS: ReadonlySet<CleanOutcome> = new Set([
  "unverified",
  "refused",
  "held_back",
  "failed",
  "interrupted",
]);

/** Whether everything went as it was planned. */
export function isAllWell({ results }: Pick<CleanReport, "results">): boolean {
  return !results.some(({ outcome }) => AMISS.has(outcome));
}

/** How many results have each outcome. */
export function countOutcomes(results: readonly Decision[]): CleanReport["counts"] {
  const groups = Object.groupBy(results, ({ outcome }) => outcome);
  return Object.fromEntries(
    Object.entries(groups).map(([outcome, all]) => [outcome, all?.length ?? 0]),
  );
}
