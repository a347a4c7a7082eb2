import type { CoreClock } from "./clock.ts";
import { IMPORT_BATCH } from "./dialect.ts";
import { importAborted, refuse } from "./refusal.ts";

/** The limits of a body of lines. Bytes and milliseconds. */
export interface StreamLimits {
  readonly line: number;
  /** Longest time for a batch of lines, or for the end, to come; endless without it. */
  readonly stall?: number;
}

/**
 * Reads a body line by line. Lines go on in batches or at the end, so a small body that takes too
 * long dies as a whole.
 * @throws Refusal 400 for a line that is too long or a body that stalls
 * @throws Error when the client goes away
 */
export async function* readLines(
  body: ReadableStream<Uint8Array>,
  limits: StreamLimits,
  clock: CoreClock,
  signal: AbortSignal,
): AsyncIterable<string> {
  const reader = body.getReader();
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const lines = new LineCutter(limits.line);
  let stalled = stall(limits, clock, stop);
  let batch = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), stalled]);
      for (const line of done ? lines.rest() : lines.cut(value)) {
        if (++batch % IMPORT_BATCH === 0) stalled = stall(limits, clock, stop);
        yield line;
      }
      if (done) return;
    }
  } finally {
    over.abort(new Error("read"));
    // Nobody reads what may still come.
    await reader.cancel().catch(() => {});
  }
}

/** Rejects once the time is up, or the reading is over. */
function stall(limits: StreamLimits, clock: CoreClock, signal: AbortSignal): Promise<never> {
  const stalled = clock.sleep(limits.stall ?? Infinity, signal).then(() => {
    throw importAborted("Empty");
  });
  // Whoever waits for the next chunk sees it; nobody else has to.
  stalled.catch(() => {});
  return stalled;
}

/** Cuts bytes into lines. */
class LineCutter {
  readonly #limit: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #held: Uint8Array[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  *cut(bytes: Uint8Array): Iterable<string> {
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      this.#hold(bytes.slice(start, end));
      yield this.#line();
      start = end + 1;
    }
    this.#hold(bytes.slice(start));
  }

  *rest(): Iterable<string> {
    if (this.#size > 0) yield this.#line();
  }

  #hold(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.#size > this.#limit) throw refuse("ValueError", "Chunk too big");
    this.#held.push(bytes);
  }

  #line(): string {
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#held) {
      whole.set(part, at);
      at += part.length;
    }
    this.#held = [];
    this.#size = 0;
    try {
      return this.#decoder.decode(whole);
    } catch {
      throw importAborted("UnicodeDecodeError", "'utf-8' codec can't decode");
    }
  }
}
