import type { Clock } from "../clock.ts";
import type { Verdict } from "./verdict.ts";

const TRANSIENT_ATTEMPTS = 6;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Counts the attempts of one call and says whether there is another one, and when. */
export class Attempts {
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  #failed = 0;
  #transient = 0;
  #renewed = false;
  #firstThrottle: number | undefined;

  /** @param deadlineMs how long a call may be throttled, from the first time on */
  constructor(clock: Clock, deadlineMs: number) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  /** Milliseconds to wait before the next attempt; undefined when there is none. */
  next({ retry, afterMs }: Verdict): number | undefined {
    this.#failed++;
    const wait = Math.max(this.#backOff(), afterMs ?? 0);
    switch (retry) {
      case "throttle":
        this.#firstThrottle ??= this.#clock.now();
        // A wait that ends after the deadline is not begun.
        return this.#clock.now() + wait - this.#firstThrottle <= this.#deadlineMs
          ? wait
          : undefined;
      case "transient":
        if (afterMs !== undefined && afterMs > this.#deadlineMs) return undefined;
        return ++this.#transient < TRANSIENT_ATTEMPTS ? wait : undefined;
      case "credentials":
        if (this.#renewed) return undefined;
        this.#renewed = true;
        return 0;
      default:
        return undefined;
    }
  }

  /** Exponential, with most of it left to chance. */
  #backOff(): number {
    const longest = Math.min(FIRST_WAIT_MS * 2 ** (this.#failed - 1), LONGEST_WAIT_MS);
    return Math.ceil(longest * (0.1 + 0.9 * this.#clock.random()));
  }
}
