import type { Clock } from "ckworker";

/** Share of the rate that is left after a throttle. */
const DECREASE = 0.9;
/** Share of the rate that is added per second, by seconds since the last throttle. */
const INCREASE: readonly (readonly [after: number, share: number])[] = [
  [60, 0.2],
  [30, 0.05],
  [0, 0.01],
];
/** Throttles that come this shortly after another one are answers to calls of the same burst. */
const SAME_BURST_MS = 1_000;
const SLOWEST = 0.2;

/**
 * Rate limit of one service in one region of one account, learned from its throttles: no limit
 * until the first one, then what got through just before, less on each further throttle and
 * slowly more without.
 */
export class RateBudget {
  readonly #clock: Clock;
  /** Requests a second; infinite while no limit was met. */
  #rate: number;
  #tokens = 1;
  #refilledAt: number;
  #throttledAt: number;
  #closedUntil = 0;
  /** Times of the answers of the last second. */
  #answered: number[] = [];
  #queue: Promise<void> = Promise.resolve();

  /** @param learned what an earlier run found out */
  constructor(clock: Clock, learned?: { readonly rate: number; readonly at: number }) {
    this.#clock = clock;
    this.#rate = learned?.rate ?? Infinity;
    this.#throttledAt = learned?.at ?? 0;
    this.#refilledAt = clock.now();
  }

  /** What was learned; undefined when no limit was met. */
  get learned(): { readonly rate: number; readonly at: number } | undefined {
    return this.#rate === Infinity ? undefined : { rate: this.#rate, at: this.#throttledAt };
  }

  /** Waits for the right to make one request, first come first served. */
  take(signal: AbortSignal): Promise<void> {
    if (this.#rate === Infinity && this.#closedUntil <= this.#clock.now()) return Promise.resolve();
    const turn = this.#queue.then(() => this.#wait(signal));
    // Whoever is aborted leaves the queue; those behind go on.
    this.#queue = turn.then(() => {}, () => {});
    return turn;
  }

  /** One request was answered, whatever the answer. */
  answered(): void {
    const now = this.#clock.now();
    this.#answered.push(now);
    if (this.#answered.length > 2_000 || now - (this.#answered[0] ?? now) > 5_000) {
      this.#forget(now);
    }
  }

  /** One request was refused for coming too fast; `retryAfterMs` is what the service asked for. */
  throttled(retryAfterMs = 0): void {
    const now = this.#clock.now();
    this.#closedUntil = Math.max(this.#closedUntil, now + retryAfterMs);
    if (this.#rate !== Infinity && now - this.#throttledAt < SAME_BURST_MS) return;
    this.#forget(now);
    const through = Math.max(this.#answered.length, 1);
    this.#refill(now);
    this.#rate = Math.max(SLOWEST, Math.min(this.#rate, through) * DECREASE);
    this.#tokens = Math.min(this.#tokens, 1);
    this.#throttledAt = now;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (;;) {
      const now = this.#clock.now();
      this.#refill(now);
      const closedFor = this.#closedUntil - now;
      if (closedFor <= 0 && (this.#rate === Infinity || this.#tokens >= 1)) break;
      const tokenIn = this.#rate === Infinity ? 0 : (1 - this.#tokens) / this.#rate * 1_000;
      await this.#clock.sleep(Math.ceil(Math.max(closedFor, tokenIn, 1)), signal);
    }
    this.#tokens -= 1;
  }

  #refill(now: number): void {
    const seconds = (now - this.#refilledAt) / 1_000;
    this.#refilledAt = now;
    if (this.#rate === Infinity || seconds <= 0) return;
    const calm = (now - this.#throttledAt) / 1_000;
    const share = INCREASE.find(([after]) => calm >= after)?.[1] ?? 0;
    this.#rate *= 1 + share * Math.min(seconds, 5);
    // A burst of at most half a second, so that a pause is no licence for a storm.
    this.#tokens = Math.min(this.#tokens + seconds * this.#rate, Math.max(1, this.#rate / 2));
  }

  #forget(now: number): void {
    this.#answered = this.#answered.filter((at) => now - at <= 1_000);
  }
}
