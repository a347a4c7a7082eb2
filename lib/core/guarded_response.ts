import { abortable, within } from "./time_limit.ts";

/** Statuses whose answers have no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * The same answer with a body that fails in our words: when the connection is lost, and when no
 * further piece comes within `limitMs`. The time that the reader takes does not count.
 */
export function guardedResponse(
  response: Response,
  limitMs: number,
  signal: AbortSignal,
  tell: (fault: unknown) => Error,
): Response {
  const { status, statusText, headers, body } = response;
  if (body === null || BODILESS.has(status)) return response;
  const reader = body.getReader();
  const guarded = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await within(
          { ms: limitMs },
          signal,
          (limited) => abortable(reader.read(), limited),
        );
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (fault) {
        await reader.cancel().catch(() => {});
        controller.error(signal.aborted ? signal.reason : tell(fault));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return new Response(guarded, { status, statusText, headers });
}
