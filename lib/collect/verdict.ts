import type { Outcome } from "../model/mod.ts";
import type { CollectorSummary } from "./summary.ts";

/** Outcomes that leave a run whole; the others, unless accepted, make it incomplete. */
const QUIET: ReadonlySet<Outcome> = new Set([
  "complete",
  "unsupported",
  "gone",
  "not_enabled",
  "skipped",
]);

/** Exit code of a run that ended by itself: 0 whole, 1 a collector failed, 3 incomplete. */
export function verdict(
  outcomes: Iterable<Outcome>,
  collectors: readonly CollectorSummary[],
  accepted: readonly Outcome[],
): 0 | 1 | 3 {
  if (collectors.some((collector) => collector.status === "failed")) return 1;
  const tolerated = new Set(accepted);
  for (const outcome of outcomes) {
    if (!QUIET.has(outcome) && !tolerated.has(outcome)) return 3;
  }
  return 0;
}

/** Exit code of a run that a signal ended, by the convention of shells. */
export function interruptedCode(signal: AbortSignal): 130 | 143 {
  return signal.reason === "SIGTERM" ? 143 : 130;
}
