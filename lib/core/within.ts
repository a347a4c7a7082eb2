import { CoreUnreachableError } from "../errors/mod.ts";
import type { Clock } from "./clock.ts";

/**
 * Gives work a time limit. The signal that the work gets is aborted with the outer one and when the
 * time is over, but never after the work has ended: what it opened may outlive it.
 * @param late what is said then
 * @throws CoreUnreachableError as the reason of the signal when the time is over
 */
export async function within<T>(
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  late = "The core did not answer in time",
): Promise<T> {
  signal.throwIfAborted();
  const [inner, done] = [new AbortController(), new AbortController()];
  const onAbort = () => inner.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  clock.sleep(limitMs, done.signal).then(
    () => inner.abort(new CoreUnreachableError(`${late} (${Math.round(limitMs / 1_000)} s)`)),
    () => {},
  );
  try {
    return await work(inner.signal);
  } finally {
    signal.removeEventListener("abort", onAbort);
    done.abort();
  }
}
