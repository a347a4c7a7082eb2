/** Larger chunks are no honest guest's: two of the largest lines. */
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;

/** What the keeper of a guest's lines tells. */
export interface LinesEvents {
  /** The stream was read to its end, or its reader left. */
  drained(): void;
  /** A chunk was no bytes, or too large. */
  fault(what: string): void;
}

/** Hands a guest's stream on, chunk by chunk as the reader asks, and can end it with an error. */
export class GuardedLines {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #events: LinesEvents;
  #reader: ReadableStreamDefaultReader<unknown> | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly #source = Promise.withResolvers<ReadableStreamDefaultReader<unknown>>();
  #ended = false;

  constructor(events: LinesEvents) {
    this.#events = events;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#pull(),
      cancel: (reason) => this.#cancel(reason),
    }, { highWaterMark: 0 });
  }

  /** Gives the source; the lines flow from here on. */
  attach(source: ReadableStream<unknown>): void {
    this.#reader = source.getReader();
    this.#source.resolve(this.#reader);
  }

  /** Ends the lines with an error; what was not read is lost. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#controller?.error(error);
    this.#leave(error);
  }

  /** Ends the lines where they are. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#controller?.close();
    this.#leave();
  }

  async #pull(): Promise<void> {
    const reader = await this.#source.promise;
    const result = await reader.read();
    if (this.#ended) return;
    if (result.done) this.#finish();
    else if (result.value instanceof Uint8Array && result.value.byteLength <= MAX_CHUNK_BYTES) {
      this.#controller?.enqueue(result.value);
    } else this.#events.fault("sent lines that are no bytes, or too many at once");
  }

  #finish(): void {
    this.#ended = true;
    this.#controller?.close();
    this.#events.drained();
  }

  async #cancel(reason: unknown): Promise<void> {
    this.#ended = true;
    this.#events.drained();
    await this.#reader?.cancel(reason);
  }

  /** Frees the source; that it is broken already is why we leave. */
  #leave(reason?: unknown): void {
    this.#reader?.cancel(reason).catch(() => {});
  }
}
