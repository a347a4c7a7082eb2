import type { CallStats } from "../plugin_context.ts";

type Totals = { -readonly [Key in keyof CallStats]: CallStats[Key] };

/** Adds up what calls cost. */
export class CallLog {
  #totals = new Map<string, Totals>();

  /** One answer, good or bad, after so many milliseconds. */
  answered(call: string, ms: number, error: boolean): void {
    const totals = this.#of(call);
    totals.count++;
    totals.totalMs += ms;
    totals.maxMs = Math.max(totals.maxMs, ms);
    if (error) totals.errors++;
  }

  /** A call is going to be made again. */
  retried(call: string, isThrottle: boolean): void {
    const totals = this.#of(call);
    totals.retries++;
    if (isThrottle) totals.throttles++;
  }

  /** A call waited so many milliseconds. */
  waited(call: string, ms: number): void {
    if (ms > 0) this.#of(call).waitedMs += ms;
  }

  /** Returns what was added up since the last time. */
  take(account: string): readonly CallStats[] {
    const taken = [...this.#totals.values()].map((totals) => ({ ...totals, account }));
    this.#totals = new Map();
    return taken;
  }

  #of(call: string): Totals {
    const known = this.#totals.get(call);
    if (known !== undefined) return known;
    const totals = {
      call,
      account: "",
      region: "",
      count: 0,
      errors: 0,
      throttles: 0,
      retries: 0,
      totalMs: 0,
      maxMs: 0,
      waitedMs: 0,
    };
    this.#totals.set(call, totals);
    return totals;
  }
}
