import type { CallStats } from "../sdk/mod.ts";

/** How many calls the summary shows. */
const SHOWN = 10;

/** Adds figures of the same call, account and region up. */
export function addCalls(calls: readonly CallStats[]): CallStats[] {
  const totals = new Map<string, CallStats>();
  for (const call of calls) {
    const text = [call.call, call.account, call.region].join("\n");
    const known = totals.get(text);
    totals.set(text, known === undefined ? call : added(known, call));
  }
  return [...totals.values()];
}

/** The calls that cost most time in answers and in waiting for a budget, longest first. */
export function costliestCalls(calls: readonly CallStats[]): CallStats[] {
  return [...calls].sort((a, b) => cost(b) - cost(a)).slice(0, SHOWN);
}

function cost(call: CallStats): number {
  return call.totalMs + call.waitedMs;
}

function added(a: CallStats, b: CallStats): CallStats {
  return {
    call: a.call,
    account: a.account,
    region: a.region,
    count: a.count + b.count,
    errors: a.errors + b.errors,
    throttles: a.throttles + b.throttles,
    retries: a.retries + b.retries,
    totalMs: a.totalMs + b.totalMs,
    maxMs: Math.max(a.maxMs, b.maxMs),
    waitedMs: a.waitedMs + b.waitedMs,
  };
}
