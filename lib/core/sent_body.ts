import type { CoreRequest } from "./connection.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The body of one call. The platform says that a body failed, but not how: an error of its source
 * is kept here.
 */
export class SentBody {
  /** What to send; undefined for nothing. Text goes as bytes, so that no content type is made up. */
  readonly init: Bytes | ReadableStream<Bytes> | undefined;
  #fault: { readonly error: unknown } | undefined;

  constructor({ body }: CoreRequest) {
    if (typeof body === "function") this.init = this.#watched(body().getReader());
    else this.init = body === undefined ? undefined : new TextEncoder().encode(body);
  }

  /** @throws the error of the source when it failed */
  throwIfFailed(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #watched(source: ReadableStreamDefaultReader<Bytes>): ReadableStream<Bytes> {
    return new ReadableStream<Bytes>({
      pull: async (controller) => {
        try {
          const { done, value } = await source.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          this.#fault = { error };
          controller.error(error);
        }
      },
      cancel: (reason) => source.cancel(reason),
    }, { highWaterMark: 0 });
  }
}
