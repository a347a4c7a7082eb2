import assert from "node:assert/strict";
import { refused } from "../../../lib/core/mod.ts";
import { CoreRejectedError, CoreUnreachableError } from "../../../lib/errors/mod.ts";

const WHAT = "the model";

function answer(status: number, body = "", headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers });
}

function coreError(type: string, message: string): string {
  return `Error: ${type}\nMessage: ${message}`;
}

Deno.test("refused: says the core's own reason", async () => {
  const error = await refused(WHAT, answer(400, coreError("ValueError", "Chunk too big")));
  assert.ok(error instanceof CoreRejectedError);
  assert.equal(error.status, 400);
  assert.equal(
    error.message,
    "the core refuses the model: it answers 400, ValueError: Chunk too big",
  );
});

Deno.test("refused: what passes may be asked again", async () => {
  const cases: readonly (readonly [number, string])[] = [
    [429, "slow down"],
    [502, "<html>bad gateway</html>"],
    [503, ""],
    [504, ""],
    [400, coreError("ImportAborted", "ImportAborted(Empty())")],
    [400, coreError("ImportAborted", "Empty()")],
    [400, coreError("ImportAborted", "ImportAborted: Empty()")],
    [408, ""],
    [400, coreError("ConflictingChangeInProgress", "sub graph x")],
    [400, coreError("ImportAborted", "ConflictingChangeInProgress('x')")],
  ];
  for (const [status, body] of cases) {
    const error = await refused(WHAT, answer(status, body));
    assert.ok(error instanceof CoreUnreachableError, `${status} ${body}`);
    assert.equal(error.retryAfterMs, undefined);
  }
});

Deno.test("refused: what does not pass is final", async () => {
  const cases: readonly (readonly [number, string])[] = [
    [400, coreError("ImportAborted", "AttributeError('Empty')")],
    [400, coreError("ImportAborted", "AttributeError('Empty() name')")],
    [400, coreError("ValueError", "Chunk too big")],
    [400, "Empty()"],
    [400, ""],
    [500, coreError("ImportAborted", "Empty()")],
    [401, "401: Unauthorized"],
    [403, ""],
    [404, coreError("NotFound", "graph x")],
    [413, ""],
    [500, ""],
  ];
  for (const [status, body] of cases) {
    const error = await refused(WHAT, answer(status, body));
    assert.ok(error instanceof CoreRejectedError, `${status} ${body}`);
    assert.equal(error.status, status);
  }
});

Deno.test("refused: a hint where one helps", async () => {
  const hint = async (status: number) => (await refused(WHAT, answer(status))).hint ?? "";
  assert.match(await hint(401), /--psk/);
  assert.match(await hint(403), /proxy/);
  assert.match(await hint(404), /address/);
  assert.match(await hint(413), /limit/);
});

Deno.test("refused: how long the core asks to wait", async () => {
  const wait = async (headers: Record<string, string>) => {
    const error = await refused(WHAT, answer(503, "", headers));
    assert.ok(error instanceof CoreUnreachableError);
    return error.retryAfterMs;
  };
  assert.equal(await wait({ "retry-after": "5" }), 5_000);
  const at = "Wed, 21 Oct 2026 07:28:30 GMT";
  const date = "Wed, 21 Oct 2026 07:28:00 GMT";
  assert.equal(await wait({ "retry-after": at, date }), 30_000);
  assert.equal(await wait({ "retry-after": date, date: at }), 0);
  assert.equal(await wait({ "retry-after": at }), undefined);
  assert.equal(await wait({ "retry-after": "soon" }), undefined);
  assert.equal(await wait({ "retry-after": "99999999999999" }), undefined);
  assert.equal(await wait({ "retry-after": "-1" }), undefined);
});

Deno.test("refused: a large body is cut, and its rest is not read", async () => {
  let given = 0;
  let cancelled = false;
  const body = new ReadableStream({
    pull: (controller) => {
      given += 1_000;
      controller.enqueue(new TextEncoder().encode("x".repeat(1_000)));
    },
    cancel: () => {
      cancelled = true;
    },
  });
  const error = await refused(WHAT, new Response(body, { status: 400 }));
  assert.match(error.message, /x…$/);
  assert.ok(error.message.length < 2_200);
  assert.ok(cancelled && given < 400_000);
});

Deno.test("refused: pages of other servers are not repeated, redirections are told", async () => {
  const page = answer(404, "<html>long</html>", { "content-type": "text/html" });
  assert.match((await refused(WHAT, page)).message, /it answers 404$/);
  const moved = answer(301, "", { location: "https://u:geheim@other.test/x" });
  const error = await refused(WHAT, moved);
  assert.match(error.message, /it answers 301 and points to https:\/\/other\.test\/x$/);
});

Deno.test("refused: a body that is lost leaves the status", async () => {
  const lost = new ReadableStream({
    pull: (controller) => controller.error(new Error("cut")),
  });
  const error = await refused(WHAT, new Response(lost, { status: 400 }));
  assert.match(error.message, /it answers 400$/);
});
