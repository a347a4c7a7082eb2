import type { Clock } from "ckworker";

/** Answers in a row without a throttle that allow one more call at once. */
const CALM = 20;

/**
 * How many calls of one cluster may be in flight: half as many after a throttle, slowly more
 * without. A server that asks to wait closes it for everybody.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #most: number;
  #limit: number;
  #flying = 0;
  #calm = 0;
  #closedUntil = 0;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
    this.#limit = most;
  }

  /** Calls that may be in flight now. */
  get limit(): number {
    return this.#limit;
  }

  /** Runs a call when there is room for it. */
  async run<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    while (this.#flying >= this.#limit) await this.#turn(signal);
    this.#flying++;
    try {
      for (let wait; (wait = this.#closedUntil - this.#clock.now()) > 0;) {
        await this.#clock.sleep(wait, signal);
      }
      return await call();
    } finally {
      this.#flying--;
      this.#next();
    }
  }

  /** A call was answered. */
  answered(): void {
    if (++this.#calm < CALM || this.#limit >= this.#most) return;
    this.#calm = 0;
    this.#limit++;
    this.#next();
  }

  /** A call was refused for coming too fast. */
  throttled(waitMs: number): void {
    this.#calm = 0;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#closedUntil = Math.max(this.#closedUntil, this.#clock.now() + waitMs);
  }

  #next(): void {
    this.#waiting.shift()?.();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((each) => each !== go);
        reject(signal.reason);
      };
      const go = () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(go);
    });
  }
}
