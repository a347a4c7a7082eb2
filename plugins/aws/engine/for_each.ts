import pMap from "p-map";

/**
 * Does a task for each value, so many at once, or all. One that fails does not stop the others: what is
 * still working must not meet a closed scope, and what is waiting is not to be lost.
 * @throws the first failure, after all tasks have ended
 */
export async function forEach<T>(
  values: readonly T[],
  task: (value: T) => Promise<void>,
  concurrency = Infinity,
): Promise<void> {
  const failures: { readonly reason: unknown }[] = [];
  await pMap(values, async (value) => {
    try {
      await task(value);
    } catch (reason) {
      failures.push({ reason });
    }
  }, { concurrency });
  const [first] = failures;
  if (first !== undefined) throw first.reason;
}
