import type { CallStats } from "./plugin_context.ts";

type Totals = { -readonly [Key in keyof CallStats]: CallStats[Key] };

/** Adds up what the calls of a guest cost. */
export class CallLog {
  #totals = new Map<string, Totals>();

  /** One answer, good or bad. */
  answered(call: string, account: string, region: string, ms: number, error: boolean): void {
    const totals = this.#of(call, account, region);
    totals.count++;
    totals.totalMs += ms;
    totals.maxMs = Math.max(totals.maxMs, ms);
    if (error) totals.errors++;
  }

  /** A call is going to be made again. */
  retried(call: string, account: string, region: string, throttle: boolean): void {
    const totals = this.#of(call, account, region);
    totals.retries++;
    if (throttle) totals.throttles++;
  }

  /** A call waited for its budget or after a throttle. */
  waited(call: string, account: string, region: string, ms: number): void {
    if (ms > 0) this.#of(call, account, region).waitedMs += ms;
  }

  /** Returns what was added up since the last time. */
  take(): readonly CallStats[] {
    const taken = [...this.#totals.values()];
    this.#totals = new Map();
    return taken;
  }

  #of(call: string, account: string, region: string): Totals {
    const key = `${call} ${account} ${region}`;
    let totals = this.#totals.get(key);
    if (totals === undefined) {
      totals = {
        call,
        account,
        region,
        count: 0,
        errors: 0,
        throttles: 0,
        retries: 0,
        totalMs: 0,
        maxMs: 0,
        waitedMs: 0,
      };
      this.#totals.set(key, totals);
    }
    return totals;
  }
}
