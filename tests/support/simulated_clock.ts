import type { Clock } from "../../lib/sdk/mod.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock whose time passes only while everybody sleeps, and then at once. */
export class SimulatedClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #seed = 1;

  constructor(start = Date.parse("2026-01-02T03:04:05Z")) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** The same series of numbers in every test. */
  random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const sleeper = { at: this.#now + ms, wake };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Lets time pass until the task is done; fails when it waits for something else than time. */
  async run<T>(task: Promise<T>): Promise<T> {
    let done = false;
    const settled = task.finally(() => {
      done = true;
    });
    // Whoever awaits the result sees the rejection.
    settled.catch(() => {});
    for (let idle = 0; !done; idle++) {
      await macrotask();
      if (done || this.#sleepers.length === 0) {
        if (idle > 20_000) throw new Error("the task waits for something that never happens");
        continue;
      }
      idle = 0;
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      if (next === undefined) continue;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    return await settled;
  }
}

/** Everything that can go on without time has gone on when this resolves. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
