import type { Plan } from "../cleanup/mod.ts";
import type { Settings } from "../config/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import { carryOut, exitCodeOf } from "./clean_apply.ts";
import { cleanupCode, limitsOf } from "./clean_limits.ts";
import { renderPlanTable } from "./clean_plan_text.ts";
import { renderReport } from "./clean_report_text.ts";
import type { Invocation } from "./command.ts";
import { combineExitCodes, EXIT } from "./exit_codes.ts";
import { openStoreOf } from "./open_store.ts";

/** The clean-up of a store after a collection. */
export interface CleanedStore {
  readonly text: string;
  readonly data: unknown;
  readonly exitCode: number;
}

/** Whether a collection is followed by a clean-up. */
export function isCleaning({ cleanup, cleanup_dry_run }: Settings): boolean {
  return cleanup || cleanup_dry_run;
}

/**
 * A core drives its own clean-up, so that one collection for it cannot be followed by ours.
 * @throws ConfigError
 */
export function checkCleanup({ cleanup, ckcore_uri, fixcore_uri }: Settings): void {
  const uri = [ckcore_uri, fixcore_uri].find((each) => each !== undefined && each !== "");
  if (!cleanup || uri === undefined) return;
  throw new ConfigError("--once --cleanup works on the store alone, and a core is named", {
    context: { subject: "--cleanup" },
    hint: "Leave --cleanup out: the workflow of the core cleans up. Or leave the core out.",
  });
}

/** Plans the clean-up of what is marked in the store and carries it out; a dry run wins. */
export async function cleanCollected(invocation: Invocation): Promise<CleanedStore> {
  const { host, settings, signal } = invocation;
  const { dropOldMarks, planStore } = await cleanupCode();
  const limits = await limitsOf(settings);
  using store = await openStoreOf(invocation, "write");
  await dropOldMarks(store, host.select, signal);
  const sealed = planStore(store, limits);
  const report = await carryOut(invocation, store, sealed);
  const codes = [await exitCodeOf(invocation, report), refusalCode(sealed.plan)];
  return {
    text: `${renderPlanTable(sealed.plan)}\n${renderReport(report)}`,
    data: { plan: sealed.plan, report },
    exitCode: combineExitCodes(codes),
  };
}

/** What is marked and may not be deleted is told as loudly as what could not be. */
function refusalCode({ refusals }: Plan): number {
  return refusals.length === 0 ? EXIT.ok : EXIT.cleanup;
}
