/** Something took longer than it may. */
export class TimeLimitFault extends Error {
  constructor(limitMs: number) {
    super(`no answer within ${limitMs / 1000} s`);
  }
}

/**
 * Waits for `call`, at most `limitMs`. Its signal is aborted by the limit and by `signal`, and is
 * not touched after it has answered in time, so that the limit covers a head and not its body.
 * @throws TimeLimitFault; what `signal` was aborted with
 */
export async function within<T>(
  limitMs: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new TimeLimitFault(limitMs)), limitMs);
  try {
    return await call(AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    signal.throwIfAborted();
    limit.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for `promise` that others wait for, too, until `signal` is aborted.
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
