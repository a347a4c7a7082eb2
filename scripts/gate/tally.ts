/** How many tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** The summary of `deno test`; steps of tests are named apart and not counted. */
const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| \d+ \w+(?: \w+)?)* \(/gm;

/**
 * Tally of one stage.
 * @param output what it printed, without colours
 * @param counts whether that ends with the summary of `deno test`
 */
export function tallyOf(output: string, success: boolean, counts: boolean): Tally {
  const summary = counts ? [...output.matchAll(SUMMARY)].at(-1) : undefined;
  if (summary === undefined) {
    // A check that holds is no test; a test run without summary has crashed.
    return { passed: 0, failed: success && !counts ? 0 : 1 };
  }
  const failed = Number(summary[2]);
  return { passed: Number(summary[1]), failed: success ? failed : Math.max(failed, 1) };
}

/** Sum of several tallies. */
export function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    { passed: 0, failed: 0 },
  );
}
