import type { Budget } from "ckworker";
import type { Clock } from "ckworker";
import { RateBudget } from "./rate_budget.ts";

/** What was learned longer ago says nothing any more. */
const LEARNED_FOR_MS = 7 * 24 * 3_600_000;

/** The rate budgets of a guest, one per account, region and service. */
export class Budgets {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, RateBudget>();
  readonly #learned = new Map<string, { readonly rate: number; readonly at: number }>();

  /** @param learned budgets that an earlier run handed back */
  constructor(clock: Clock, learned: readonly Budget[]) {
    this.#clock = clock;
    for (const { key, rate, at } of learned) {
      const time = Date.parse(at);
      if (rate === null || !(rate > 0) || !(clock.now() - time < LEARNED_FOR_MS)) continue;
      // A clock that ran ahead then must not keep the rate from recovering now.
      this.#learned.set(key, { rate, at: Math.min(time, clock.now()) });
    }
  }

  /** The budget of a service in a region of an account. */
  of(account: string, region: string, service: string): RateBudget {
    const key = `${account}/${region}/${service}`;
    const known = this.#budgets.get(key);
    if (known !== undefined) return known;
    const budget = new RateBudget(this.#clock, this.#learned.get(key));
    this.#budgets.set(key, budget);
    return budget;
  }

  /** Forgets the budgets of an account that is done, and returns what they learned. */
  release(account: string): readonly Budget[] {
    const released: Budget[] = [];
    for (const [key, budget] of this.#budgets) {
      if (!key.startsWith(`${account}/`)) continue;
      this.#budgets.delete(key);
      const learned = budget.learned;
      if (learned === undefined) continue;
      released.push({ key, rate: learned.rate, at: new Date(learned.at).toISOString() });
    }
    return released;
  }
}
