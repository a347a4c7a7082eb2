/** Pings within the longest silence; one that comes late because the host was busy does not count. */
const PINGS = 3;

/** Asks a guest again and again whether it is alive. */
export class Heartbeat implements Disposable {
  readonly #timer: ReturnType<typeof setInterval>;
  #sent = 0;
  #answered = 0;

  /** Calls `silent` once when nothing was answered for `silenceMs`. */
  constructor(silenceMs: number, ping: (id: number) => void, silent: () => void) {
    this.#timer = setInterval(() => {
      if (this.#sent - this.#answered >= PINGS) {
        clearInterval(this.#timer);
        silent();
      } else ping(++this.#sent);
    }, silenceMs / PINGS);
  }

  /** Takes an answer; one to a ping that was never sent is no sign of life. */
  answered(id: number): void {
    if (id <= this.#sent) this.#answered = Math.max(this.#answered, id);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
