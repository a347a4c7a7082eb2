import type { UploadPart, UploadRecord } from "./core.ts";
import type { Dialect } from "./dialect.ts";
import type { NodeWriter } from "./node_writer.ts";
import { type PaceOptions, UploadPace } from "./upload_pace.ts";

/** UTF-16 units of text that are gathered before they are sent. */
const CHUNK_LENGTH = 64 * 1024;

/** How the lines of a merge are written. */
export interface MergeBodyOptions {
  readonly dialect: Dialect;
  readonly writer: NodeWriter;
  /** Deferred edges are kept for the core's task; without one they would be lost there. */
  readonly task: boolean;
  readonly pace: Omit<PaceOptions, "limit" | "part">;
}

/**
 * The body of one merge: a line for each record, read from the part as fast as the core takes them
 * and never all at once. It may be opened again; what it knows is about the last time.
 */
export class MergeBody {
  readonly #part: UploadPart;
  readonly #options: MergeBodyOptions;
  #lines = 0;
  #bytes = 0;
  #failure: { readonly thrown: unknown } | undefined;
  #shortened: { readonly kind: string; readonly id: string }[] = [];
  #stop: () => void = () => {};

  constructor(part: UploadPart, options: MergeBodyOptions) {
    this.#part = part;
    this.#options = options;
  }

  /** Lines that were handed to the connection. */
  get lines(): number {
    return this.#lines;
  }

  /** Bytes that were handed to the connection. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Why the records ended early; it is ours, whatever the connection makes of it. */
  get failure(): { readonly thrown: unknown } | undefined {
    return this.#failure;
  }

  get shortened(): readonly { readonly kind: string; readonly id: string }[] {
    return this.#shortened;
  }

  /** The body from its beginning; a stream that was opened before ends. */
  open(): ReadableStream<Uint8Array<ArrayBuffer>> {
    this.stop();
    this.#lines = 0;
    this.#bytes = 0;
    this.#failure = undefined;
    this.#shortened = [];
    const chunks = this.#chunks();
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        this.#stop = () => {
          chunks.return();
          controller.error(new Error("the core has answered"));
        };
      },
      pull: (controller) => {
        try {
          const { value, done } = chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (thrown) {
          this.#failure = { thrown };
          controller.error(thrown);
        }
      },
      cancel: () => void chunks.return(),
    }, { highWaterMark: 0 });
  }

  /**
   * Ends what is still being sent: a core that has answered reads on for a while without a use. It
   * ends as an error, so that nothing takes the part for the whole.
   */
  stop(): void {
    this.#stop();
    this.#stop = () => {};
  }

  *#chunks(): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
    const { dialect, pace } = this.#options;
    const watch = new UploadPace({ ...pace, limit: dialect.limits.pace, part: this.#part.name });
    let text = "";
    let lines = 0;
    for (const line of this.#texts()) {
      text += `${line}\n`;
      lines++;
      if (text.length < CHUNK_LENGTH) continue;
      watch.sent(this.#lines += lines);
      yield this.#encoded(text);
      text = "";
      lines = 0;
    }
    watch.sent(this.#lines += lines);
    if (text !== "") yield this.#encoded(text);
  }

  #encoded(text: string): Uint8Array<ArrayBuffer> {
    const bytes = new TextEncoder().encode(text);
    this.#bytes += bytes.length;
    return bytes;
  }

  /** Deferred edges come last, whatever their place among the records. */
  *#texts(): Generator<string, void, undefined> {
    const deferred: string[] = [];
    for (const record of this.#part.records()) {
      const text = this.#text(record);
      if (text === undefined) continue;
      if (record.type === "edge" && record.edge.deferred === true) deferred.push(text);
      else yield text;
    }
    if (this.#options.task) yield* deferred;
  }

  #text(record: UploadRecord): string | undefined {
    if (record.type === "edge") return this.#options.dialect.edge(record.edge);
    const { text, shortened } = this.#options.writer.write(record.node);
    const { kind, id } = record.node;
    if (shortened) this.#shortened.push({ kind, id });
    return text;
  }
}
