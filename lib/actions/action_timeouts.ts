import type { Timeouts } from "../sandbox/mod.ts";

/** Limits of the guest of an action plugin. @param seconds longest run */
export function actionTimeouts(seconds: number): Timeouts {
  return { startMs: 60_000, heartbeatMs: 60_000, runMs: seconds * 1_000, stopMs: 5_000 };
}
