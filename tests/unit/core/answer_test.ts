import assert from "node:assert/strict";
import { refused } from "../../../lib/core/mod.ts";
import { CoreRejectedError, CoreUnreachableError } from "../../../lib/errors/mod.ts";

const PASSING: readonly (readonly [number, string])[] = [
  [408, ""],
  [429, "Too many"],
  [502, "<html>"],
  [503, "Error: ServiceUnavailable\nMessage: shutting down"],
  [504, ""],
  [400, "Error: ImportAborted\nMessage: Empty()"],
  [400, "Error: ImportAborted\nMessage: ImportAborted: Empty()"],
  [400, "Error: ConflictingChangeInProgress\nMessage: another import"],
  [400, "Error: ImportAborted\nMessage: ConflictingChangeInProgress('x')"],
];
const FINAL: readonly (readonly [number, string])[] = [
  [400, "Error: ImportAborted\nMessage: AttributeError('Empty() name')"],
  [400, "Error: ValueError\nMessage: Chunk too big"],
  [400, ""],
  [401, "401: Unauthorized"],
  [403, ""],
  [404, "Error: NoSuchGraph\nMessage: ck"],
  [413, ""],
  [500, "Error: ImportAborted\nMessage: Empty()"],
  [500, "Server got itself in trouble"],
];

Deno.test("refused: tells what passes from what does not", async () => {
  for (const [status, text] of PASSING) {
    const error = await refused("it", new Response(text, { status }));
    assert.ok(error instanceof CoreUnreachableError, `${status} ${text}`);
  }
  for (const [status, text] of FINAL) {
    const error = await refused("it", new Response(text, { status }));
    assert.ok(error instanceof CoreRejectedError, `${status} ${text}`);
    assert.equal(error.status, status);
  }
});

Deno.test("refused: gives the core's reason, what was asked, and what to do", async () => {
  const text = "Error: NoSuchGraph\nMessage: No graph with this name\nsecond line";
  const error = await refused("the merge of x", new Response(text, { status: 404 }));
  assert.equal(
    error.message,
    "the core refuses the merge of x: 404 NoSuchGraph No graph with this name\nsecond line",
  );
  assert.match(error.hint ?? "", /name of the graph/);
});

Deno.test("refused: hears how long to wait, in seconds only", async () => {
  const waits: readonly (readonly [string, number | undefined])[] = [
    ["5", 5000],
    ["soon", undefined],
    ["99999999999999", undefined],
    ["-1", undefined],
  ];
  for (const [header, expected] of waits) {
    const headers = { "Retry-After": header };
    const error = await refused("it", new Response("", { status: 503, headers }));
    assert.ok(error instanceof CoreUnreachableError);
    assert.equal(error.retryAfterMs, expected);
  }
});

Deno.test("refused: quotes no endless text, and none that breaks off", async () => {
  const long = await refused("it", new Response("x".repeat(100_000), { status: 400 }));
  assert.ok(long.message.length < 3000);
  const broken = new ReadableStream({ start: (c) => c.error(new Error("cut")) });
  const error = await refused("it", new Response(broken, { status: 400 }));
  assert.equal(error.message, "the core refuses it: 400");
});
