import assert from "node:assert/strict";
import { retrying, type RetryOptions } from "../../../lib/core/mod.ts";
import { CoreRejectedError, CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { listen, never } from "./connection_support.ts";

function options(waits: number[], more: Partial<RetryOptions> = {}): RetryOptions {
  return {
    signal: never,
    log: listen().log,
    what: "send the model",
    random: () => 1,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...more,
  };
}

Deno.test("retrying: at once, then longer and longer, to its limits", async () => {
  const waits: number[] = [];
  const last = new CoreUnreachableError("last");
  const call = (attempt: number) =>
    Promise.reject(attempt === 6 ? last : new CoreUnreachableError("cut"));
  const limits = { attempts: 6, firstWaitMs: 100, longestWaitMs: 300 };
  await assert.rejects(retrying(call, options(waits, limits)), last);
  assert.deepEqual(waits, [0, 100, 200, 300, 300]);
  const half: number[] = [];
  await assert.rejects(retrying(call, options(half, { ...limits, random: () => 0 })), last);
  assert.deepEqual(half, [0, 50, 100, 150, 150]);
});

Deno.test("retrying: gives the answer of the first call that works", async () => {
  const waits: number[] = [];
  const call = (attempt: number) =>
    attempt < 3 ? Promise.reject(new CoreUnreachableError("cut")) : Promise.resolve(attempt);
  assert.equal(await retrying(call, options(waits)), 3);
  assert.equal(waits.length, 2);
});

Deno.test("retrying: waits as long as the core asks, within bounds", async () => {
  const waits: number[] = [];
  const asked = [5_000, 900_000, undefined];
  const call = (attempt: number) => {
    const retryAfterMs = asked[attempt - 1];
    const more = retryAfterMs === undefined ? {} : { retryAfterMs };
    return Promise.reject(new CoreUnreachableError("busy", more));
  };
  const limits = { attempts: 3, longestAskedMs: 60_000 };
  await assert.rejects(retrying(call, options(waits, limits)), CoreUnreachableError);
  assert.deepEqual(waits, [5_000, 60_000]);
});

Deno.test("retrying: a refusal and a bug are final", async () => {
  for (const error of [new CoreRejectedError(400, "no"), new TypeError("bug"), new Error("x")]) {
    let calls = 0;
    const call = () => {
      calls += 1;
      return Promise.reject(error);
    };
    await assert.rejects(retrying(call, options([])), error);
    assert.equal(calls, 1);
  }
});

Deno.test("retrying: abort ends a wait with its reason, and no call follows", async () => {
  const end = new AbortController();
  const reason = new Error("stop");
  let calls = 0;
  const call = () => {
    calls += 1;
    if (calls === 2) queueMicrotask(() => setTimeout(() => end.abort(reason)));
    return Promise.reject(new CoreUnreachableError("cut"));
  };
  const { wait: _, ...real } = options([], {
    signal: end.signal,
    firstWaitMs: 60_000,
    longestWaitMs: 60_000,
  });
  await assert.rejects(retrying(call, real), reason);
  assert.equal(calls, 2);
  await assert.rejects(retrying(call, real), reason);
  assert.equal(calls, 2);
});
