/** Text collected before a chunk is sent, in UTF-16 units. */
const CHUNK_LENGTH = 256 * 1024;
/** A line does not wait longer than this for company. */
const IDLE_MS = 50;

/**
 * Joins lines into chunks of about 256 KiB that end at a line break, and gives them out as fast as
 * the reader takes them: {@link write} waits while a chunk lies unread. A chunk that does not fill
 * up is sent after 50 ms.
 */
export class LineStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #pending: string[] = [];
  #length = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Pending while a chunk lies unread. */
  #room: PromiseWithResolvers<void> | undefined;
  #ended = false;

  constructor() {
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#makeRoom(),
      cancel: () => this.#end(),
    }, { highWaterMark: 1 });
  }

  /** Takes one line that ends with a line break; resolves when there is room for the next. */
  write(line: string): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#pending.push(line);
    this.#length += line.length;
    if (this.#length >= CHUNK_LENGTH) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), IDLE_MS);
    return this.#room?.promise ?? Promise.resolve();
  }

  /** Sends what is left and ends the stream. */
  close(): void {
    if (this.#ended) return;
    this.#flush();
    this.#controller?.close();
    this.#end();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#length === 0) return;
    this.#controller?.enqueue(this.#encoder.encode(this.#pending.join("")));
    this.#pending = [];
    this.#length = 0;
    if ((this.#controller?.desiredSize ?? 0) <= 0) this.#room ??= Promise.withResolvers<void>();
  }

  #makeRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = [];
    this.#length = 0;
    this.#makeRoom();
  }
}
