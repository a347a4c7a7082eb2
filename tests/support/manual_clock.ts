import type { Clock } from "../../lib/core/mod.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is moved: for tests whose other side is a real server. */
export class ManualClock implements Clock {
  #now = Date.parse("2026-01-02T03:04:05Z");
  #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  /** How long each sleeper has still to sleep, milliseconds, shortest first. */
  get asleep(): readonly number[] {
    return [...this.#sleepers].map(({ at }) => at - this.#now).toSorted((a, b) => a - b);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const sleeper = { at: this.#now + ms, wake };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Moves time; who sleeps no longer wakes in order. */
  advance(ms: number): void {
    this.#now += ms;
    const due = [...this.#sleepers].filter(({ at }) => at <= this.#now);
    for (const { wake } of due.toSorted((a, b) => a.at - b.at)) wake();
  }
}
