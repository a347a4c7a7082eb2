/** An honest guest sends a few messages for each account, and ten a second beside that. */
const MESSAGES_A_SECOND = 2_000;

/** Counts messages by the second, so that a guest cannot drown its host. */
export class FloodLimit {
  readonly #now: () => number;
  readonly #limit: number;
  #second = 0;
  #count = 0;

  /** `now`: milliseconds of a clock that does not jump. */
  constructor(now: () => number, limit = MESSAGES_A_SECOND) {
    this.#now = now;
    this.#limit = limit;
  }

  /** Counts one message; false when there were too many. */
  admits(): boolean {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    return ++this.#count <= this.#limit;
  }
}
