import type { Pool } from "ckworker";

/** Longest answer that is read, bytes; a page of a hundred machines has some hundred thousand. */
const BYTES_MAX = 64 * 2 ** 20;

/** A pool whose answers end with an error where they become too long to be kept. */
export function boundedPool(pool: Pool, bytesMax = BYTES_MAX): Pool {
  return {
    async fetch(url, init) {
      // Where an answer leads elsewhere it leads away from the one host that may be asked.
      const answer = await pool.fetch(url, { ...init, redirect: "manual" });
      const { body, status, headers } = answer;
      return body === null
        ? answer
        : new Response(body.pipeThrough(bound(bytesMax)), { status, headers });
    },
    [Symbol.dispose]: () => pool[Symbol.dispose](),
  };
}

function bound(bytesMax: number): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  let left = bytesMax;
  return new TransformStream({
    transform(chunk, controller) {
      left -= chunk.length;
      if (left < 0) throw new RangeError(`the answer has more than ${bytesMax} bytes`);
      controller.enqueue(new Uint8Array(chunk));
    },
  });
}
