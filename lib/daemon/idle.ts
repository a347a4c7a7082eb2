import type { Clock } from "../core/mod.ts";

/** Ends the worker when it is told to, or when nothing comes for it to do. */
export class Idle implements Disposable {
  readonly #ending = new AbortController();
  readonly #waiting = new AbortController();
  readonly #stop: AbortSignal;
  readonly #onStop = () => this.#ending.abort(this.#stop.reason);
  #isOver = false;

  /** @param seconds longest wait for the first collect; undefined waits for ever */
  constructor(seconds: number | undefined, clock: Clock, stop: AbortSignal) {
    this.#stop = stop;
    stop.addEventListener("abort", this.#onStop, { once: true });
    if (stop.aborted) this.#onStop();
    if (seconds === undefined) return;
    clock.sleep(seconds * 1_000, this.#waiting.signal).then(() => {
      this.#isOver = true;
      this.#ending.abort("no collect came in time");
    }, () => {});
  }

  /** Aborted when the worker shall end. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether it ends because nothing came. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A collect came. */
  busy(): void {
    this.#waiting.abort();
  }

  [Symbol.dispose](): void {
    this.#waiting.abort();
    this.#stop.removeEventListener("abort", this.#onStop);
  }
}
