import type { Logger } from "../log/mod.ts";

/** How fast a merge has to arrive, and who wants to know when it does not. */
export interface PaceOptions {
  /** A merge is lost when so many lines take longer than so many milliseconds. */
  readonly limit: { readonly lines: number; readonly ms: number };
  readonly now: () => number;
  readonly log: Logger;
  /** Name of the part of the upload, for the log. */
  readonly part: string;
}

/** The part of the time that may be used up before somebody is told. */
const PATIENCE = 0.5;

/**
 * Watches the pace of a merge. A core hands lines on in batches of many and drops the upload when
 * the next batch does not come in time.
 */
export class UploadPace {
  readonly #options: PaceOptions;
  #batch = 0;
  #begun: number;
  #warned = false;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#begun = options.now();
  }

  /** Is told how many lines have gone so far, whenever some go. */
  sent(lines: number): void {
    const { limit, now, log, part } = this.#options;
    const waited = now() - this.#begun;
    if (!this.#warned && waited > limit.ms * PATIENCE) {
      this.#warned = true;
      log.warn("core.upload.slow", "The upload is slow: the core drops it when it is any slower", {
        part,
        lines,
        seconds: Math.round(waited / 1000),
        limitSeconds: limit.ms / 1000,
      });
    }
    const batch = Math.floor(lines / limit.lines);
    if (batch === this.#batch) return;
    this.#batch = batch;
    this.#begun = now();
    this.#warned = false;
  }
}
