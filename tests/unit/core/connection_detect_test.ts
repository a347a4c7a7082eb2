import assert from "node:assert/strict";
import { detectDialect, waitUntilReady } from "../../../lib/core/mod.ts";
import { CoreRejectedError, CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { startTlsFront } from "../../support/connect_proxy.ts";
import { connect, listen, never, startCore } from "./connection_support.ts";

async function dialectOf(answer: () => Response) {
  await using core = startCore(answer);
  await using connection = connect(core.url, { psk: "changeme" });
  const dialect = await detectDialect(connection, never);
  assert.equal(core.asked.length, 1);
  assert.equal(new URL(core.asked[0]?.url ?? "").pathname, "/.well-known/jwks.json");
  assert.equal(core.asked[0]?.headers.get("authorization"), null);
  assert.equal(core.asked[0]?.headers.get("origin"), null);
  return dialect;
}

Deno.test("detectDialect: keys of the later generation", async () => {
  assert.equal(await dialectOf(() => Response.json({ keys: [] })), "fixcore");
});

Deno.test("detectDialect: everything else is the earlier generation", async () => {
  const texts = ["Error: HTTPNotFound\nMessage: Not Found", "401: Unauthorized", "<html>"];
  for (const [status, text] of [[400, texts[0]], [401, texts[1]], [404, ""], [200, texts[2]]]) {
    const answer = () => new Response(String(text), { status: Number(status) });
    assert.equal(await dialectOf(answer), "ckcore");
  }
  assert.equal(await dialectOf(() => Response.json({ keys: "none" })), "ckcore");
  assert.equal(await dialectOf(() => Response.json(null)), "ckcore");
  assert.equal(await dialectOf(() => new Response("x".repeat(3_000_000))), "ckcore");
});

Deno.test("detectDialect: a proxy without its core says nothing of it", async () => {
  await using core = startCore(() => new Response("bad gateway", { status: 502 }));
  await using connection = connect(core.url);
  await assert.rejects(detectDialect(connection, never), CoreUnreachableError);
});

Deno.test("detectDialect: a core in trouble is not taken for an earlier one", async () => {
  await using core = startCore(() => new Response("Internal Server Error", { status: 500 }));
  await using connection = connect(core.url);
  await assert.rejects(detectDialect(connection, never), { status: 500 });
});

Deno.test("waitUntilReady: asks more and more seldom until the core is ready", async () => {
  let asked = 0;
  await using core = startCore(() =>
    ++asked < 7 ? new Response("Error: X\nMessage: starting", { status: 503 }) : new Response("ok")
  );
  const heard = listen();
  await using connection = connect(core.url);
  const waits: number[] = [];
  await waitUntilReady(connection, {
    signal: never,
    log: heard.log,
    now: () => new Date(0),
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  assert.deepEqual(waits, [250, 500, 1_000, 2_000, 2_000, 2_000]);
  assert.equal(heard.lines.length, 1);
  assert.match(heard.lines[0] ?? "", /starting$/);
});

Deno.test("waitUntilReady: gives up at its limit with the last reason", async () => {
  const core = startCore(() => new Response("ok"));
  await core[Symbol.asyncDispose]();
  await using connection = connect(core.url);
  let now = 0;
  const waiting = waitUntilReady(connection, {
    signal: never,
    log: listen().log,
    now: () => new Date(now),
    limitMs: 10_000,
    wait: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  });
  await assert.rejects(waiting, /connection refused$/);
  assert.ok(now > 7_000 && now <= 10_000);
});

Deno.test("waitUntilReady: a wrong key does not pass by waiting", async () => {
  await using core = startCore(() => new Response("-----", { status: 404 }));
  await using front = await startTlsFront(core.url);
  await using connection = connect(front.url, { psk: "changeme" });
  const waiting = waitUntilReady(connection, {
    signal: never,
    log: listen().log,
    now: () => new Date(),
  });
  await assert.rejects(waiting, CoreRejectedError);
});

Deno.test("waitUntilReady: abort ends the wait with its reason", async () => {
  await using core = startCore(() => new Response("", { status: 503 }));
  await using connection = connect(core.url);
  const end = new AbortController();
  const reason = new Error("stop");
  const heard = listen();
  const log = { ...heard.log, warn: () => queueMicrotask(() => end.abort(reason)) };
  const waiting = waitUntilReady(connection, { signal: end.signal, log, now: () => new Date() });
  await assert.rejects(waiting, reason);
});
