import { type Clock, systemClock } from "../sdk/mod.ts";

/** Something took longer than it may. */
export class TimeLimitFault extends Error {
  constructor(limitMs: number) {
    super(`no answer within ${limitMs / 1000} s`);
  }
}

/** How long something may take. */
export interface TimeLimit {
  readonly ms: number;
  /** That of the machine by default. */
  readonly clock?: Clock;
  /** What is thrown when the time is over; a {@link TimeLimitFault} by default. */
  readonly fault?: () => Error;
}

/**
 * Gives work a time limit. The signal that the work gets is aborted by the limit and by `signal`, and
 * never after the work has ended: what it opened may outlive it, and a limit covers a head and not
 * its body. Work that does not heed its signal is waited for.
 * @throws the fault of the limit; what `signal` was aborted with
 */
export async function within<T>(
  { ms, clock = systemClock, fault = () => new TimeLimitFault(ms) }: TimeLimit,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const [inner, done] = [new AbortController(), new AbortController()];
  const onAbort = () => inner.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  clock.sleep(ms, done.signal).then(() => inner.abort(fault()), () => {});
  try {
    return await work(inner.signal);
  } catch (error) {
    inner.signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    done.abort();
  }
}

/**
 * Waits for `promise`, which may go on or be waited for by others, too, until `signal` is aborted.
 * @throws what `signal` was aborted with
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
