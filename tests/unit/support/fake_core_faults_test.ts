import assert from "node:assert/strict";
import { type Fault, ManualClock, startFakeCore } from "../../support/fake_core.ts";
import { startFakeCoreProcess } from "../../support/fake_core_process.ts";
import { Client, KINDS, lines, sky } from "./fake_core_client.ts";

const MERGE = "/graph/ck/merge";
const LINES = { "content-type": "application/x-ndjson" };

/** An upload whose end the test decides. */
function slowUpload(text: string) {
  const end = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(new TextEncoder().encode(text)),
    pull: async (stream) => {
      await end.promise;
      stream.close();
    },
  });
  return { body, end: () => end.resolve() };
}

async function ready(
  faults: readonly Fault[],
  clock?: ManualClock,
) {
  const core = await startFakeCore({ dialect: "ckcore", faults, ...(clock ? { clock } : {}) });
  const client = new Client(core);
  await client.prepare();
  return { core, client, [Symbol.asyncDispose]: () => core[Symbol.asyncDispose]() };
}

Deno.test("faults: an answer instead of the core's, for the nth request", async () => {
  const match = { method: "POST", path: MERGE, nth: 2 };
  const effect = { type: "answer", status: 503, headers: { "retry-after": "5" } } as const;
  await using test = await ready([{ on: "request", match, effect }]);
  const statuses: number[] = [];
  for (let time = 0; time < 3; time++) {
    statuses.push((await test.client.merge(sky("ckcore"))).status);
  }
  assert.deepEqual(statuses, [200, 503, 200]);
  assert.deepEqual(test.core.requests.map(({ status }) => status), [200, 200, ...statuses]);
});

Deno.test("faults: a connection that breaks in the body loses the upload", async () => {
  for (const effect of [{ type: "cut" }, { type: "cut", after: 100 }] as const) {
    await using test = await ready([{ on: "request", match: { path: MERGE }, effect }]);
    await assert.rejects(test.client.merge(sky("ckcore")));
    assert.equal(test.core.graph().nodes.size, 1);
    test.core.setFaults([]);
    assert.equal((await test.client.merge(sky("ckcore"))).status, 200);
    assert.deepEqual(test.core.violations, []);
  }
});

Deno.test("faults: an answer that breaks comes after the deed", async () => {
  for (const bytes of [0, 10]) {
    const effect = { type: "truncate", bytes } as const;
    await using test = await ready([{ on: "request", match: { path: MERGE }, effect }]);
    await assert.rejects(test.client.merge(sky("ckcore")));
    assert.equal(test.core.graph().nodes.size, 10);
  }
});

Deno.test("faults: a request is held until it is released", async () => {
  const effect = { type: "hold" } as const;
  await using test = await ready([{ on: "request", match: { path: MERGE }, effect }]);
  const merged = test.client.merge(sky("ckcore"));
  await test.core.until(() => test.core.held === 1);
  assert.equal(test.core.graph().nodes.size, 1);
  test.core.release();
  assert.equal((await merged).status, 200);
});

Deno.test("faults: silence ends with the client or the core", async () => {
  await using test = await ready([
    { on: "request", match: { path: MERGE }, effect: { type: "silence" } },
  ]);
  const stop = new AbortController();
  const asked = fetch(`${test.core.url}${MERGE}`, { method: "POST", signal: stop.signal });
  await test.core.until(() => test.core.requests.at(-1)?.path === MERGE);
  stop.abort();
  await assert.rejects(asked);
  await assert.rejects(Promise.all([test.client.merge(sky("ckcore")), test.core.stop()]));
});

Deno.test("faults: messages get lost, and sockets end before or after them", async () => {
  for (
    const [effect, late] of [
      [{ type: "ignore" }, 0],
      [{ type: "cut" }, 0],
      [{ type: "close", code: 1011 }, 0],
      [{ type: "cut_after" }, 1],
    ] as const
  ) {
    const match = { path: "/subscriber/w/handle", text: "action_done" };
    await using test = await ready([{ on: "message", match, effect }]);
    await test.client.subscribe("w", "collect");
    await using socket = await test.client.open("/subscriber/w/handle");
    const data = { task: "t", step: "collect" };
    socket.send({ kind: "action_done", message_type: "collect", data });
    const { clean } = await socket.closed;
    assert.equal(clean, effect.type === "ignore" || effect.type === "close");
    assert.equal(test.core.late.length, late);
  }
});

Deno.test("startFakeCore: an upload that stalls is dropped", async () => {
  const clock = new ManualClock();
  await using test = await ready([], clock);
  const upload = slowUpload(lines(sky("ckcore")));
  const merged = test.client.call("POST", MERGE, upload.body, LINES);
  await test.core.until(() => (test.core.requests.at(-1)?.bytes ?? 0) > 100);
  await test.core.until(() => clock.sleeping === 1);
  await clock.advance(30_000);
  const { status, text } = await merged;
  assert.deepEqual([status, text], [400, "Error: ImportAborted\nMessage: Empty()"]);
  upload.end();
  assert.equal(test.core.graph().nodes.size, 1);
});

Deno.test("stop: an upload that is under way is lost with the core", async () => {
  await using test = await ready([]);
  const upload = slowUpload(lines(sky("ckcore")));
  const merged = test.client.call("POST", MERGE, upload.body, LINES);
  await test.core.until(() => (test.core.requests.at(-1)?.bytes ?? 0) > 100);
  const lost = assert.rejects(merged);
  await test.core.restart();
  await lost;
  upload.end();
  assert.equal(test.core.graph().nodes.size, 1);
  assert.equal((await test.client.merge(sky("ckcore"))).status, 200);
});

Deno.test("startFakeCoreProcess: a killed core has its graph, its tasks and its authority again", async () => {
  await using core = await startFakeCoreProcess({ dialect: "ckcore", psk: "secret" });
  const client = new Client(core, "secret");
  await client.prepare(KINDS);
  await client.merge(sky("ckcore"));
  await client.subscribe("w", "collect");
  const task = await core.startWorkflow(["collect"]);
  const upload = slowUpload(lines(sky("ckcore").slice(0, 3)));
  const merged = client.call("POST", MERGE, upload.body, LINES);
  await core.until(({ requests }) => requests.at(-1)?.path === MERGE);
  const { text: ca } = await client.call("GET", "/ca/cert");
  const lost = assert.rejects(merged);
  await core.kill();
  await lost;
  upload.end();
  await core.start();
  const view = await core.until(({ nodes }) => nodes.length > 0);
  assert.equal(view.nodes.length, 10);
  assert.deepEqual(view.violations, []);
  assert.equal((await client.call("GET", "/ca/cert")).text, ca);
  await using socket = await client.open("/subscriber/w/handle");
  const { data } = await socket.next();
  assert.equal(data?.["task"], task);
  socket.send({ kind: "action_done", message_type: "collect", data });
  await socket.closed;
  await core.until(({ connected }) => connected.length === 0);
  assert.equal((await core.steps(task))[0]?.outcome, "finished");
});
