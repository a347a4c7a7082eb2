import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";
import { CoreUnreachableError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";

/** How often and how long to try. */
export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** For people: `send the model`. */
  readonly what: string;
  /** Calls at most; 5. */
  readonly attempts?: number;
  /** Wait before the third call at most, milliseconds; it doubles from call to call. 1000. */
  readonly firstWaitMs?: number;
  /** Longest wait that is our choice, milliseconds; 30000. */
  readonly longestWaitMs?: number;
  /** Longest wait that a core may ask for, milliseconds; 120000. */
  readonly longestAskedMs?: number;
  readonly wait?: Wait;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** Waits; rejects with the reason of the signal. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits by the clock of the machine. */
export const waitFor: Wait = async (ms, signal) => {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
};

/**
 * Makes an idempotent call again while the core cannot be reached: at once the first time, for most
 * cuts are those of a connection that was kept too long, then after waits that grow and differ, so
 * that many workers do not come back together. What the core asks to wait is respected.
 * @param call is given the number of the attempt, from 1
 * @throws what the last attempt threw; anything but CoreUnreachableError at once; the reason of the
 *   signal
 */
export async function retrying<T>(
  call: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { signal, log, what, attempts = 5, wait = waitFor } = options;
  return await pRetry(call, {
    retries: attempts - 1,
    minTimeout: 0,
    maxTimeout: 0,
    signal,
    shouldRetry: ({ error }) => error instanceof CoreUnreachableError,
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
      if (!(error instanceof CoreUnreachableError) || retriesLeft === 0) return;
      const ms = waitAfter(attemptNumber, error.retryAfterMs, options);
      log.debug("core.retry", `cannot ${what} yet: ${error.message}`, {
        attempt: attemptNumber,
        ms,
      });
      await wait(ms, signal);
    },
  });
}

function waitAfter(attempt: number, askedMs: number | undefined, options: RetryOptions): number {
  const { firstWaitMs = 1_000, longestWaitMs = 30_000, longestAskedMs = 120_000 } = options;
  const most = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 2));
  const ours = attempt === 1 ? 0 : most * (0.5 + (options.random ?? Math.random)() / 2);
  return Math.max(ours, Math.min(askedMs ?? 0, longestAskedMs));
}
