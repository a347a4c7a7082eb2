import assert from "node:assert/strict";
import {
  type CoreDialect,
  type FakeCore,
  ManualClock,
  startFakeCore,
} from "../../support/fake_core.ts";
import { Client, node, sky, type Socket } from "./fake_core_client.ts";

const DIALECTS: readonly CoreDialect[] = ["ckcore", "fixcore"];

/** Connects to the queue like a worker of the generation. */
async function work(
  { client, core }: { readonly client: Client; readonly core: FakeCore },
  clouds?: readonly string[],
): Promise<Socket> {
  const before = core.queue.workers;
  const filter = clouds === undefined ? "" : `&cloud=${encodeURIComponent(clouds.join(","))}`;
  const isOld = core.dialect === "ckcore";
  const socket = await client.open(isOld ? `/work/queue?task=tag${filter}` : "/work/queue");
  if (!isOld) socket.send([{ name: "tag", ...(clouds ? { filter: { cloud: clouds } } : {}) }]);
  await core.until(() => core.queue.workers > before);
  return socket;
}

async function filled(client: Client): Promise<void> {
  await client.prepare();
  await client.merge(sky(client.core.dialect));
}

Deno.test("tag: sends the node in the form of the generation and stores what comes back", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await filled(client);
    await using socket = await work({ client, core }, ["sky"]);
    const tagged = core.tag(["a-1"], { delete: ["owner"] });
    const { task_id, task_name, attrs, data } = await socket.next();
    assert.equal(task_name, "tag");
    assert.deepEqual(attrs, { cloud: "sky", account: "a", region: "a-r" });
    assert.deepEqual(data?.["delete"], ["owner"]);
    const sent = JSON.parse(JSON.stringify(data?.["node"]));
    if (dialect === "ckcore") {
      assert.equal(sent.reported.account.id, "a");
      assert.equal(sent.reported.zone, null);
      assert.equal(sent.metadata.cloud.python_type, "x.X");
    } else {
      assert.deepEqual(sent.ancestors.region, { reported: { name: "a-r", id: "a-r" } });
    }
    const result = node(dialect, "a-1", "disk", { disk_size: 1, tags: { size: "big" } });
    socket.send({ task_id, result: "done", data: result });
    assert.equal((await tagged)[0]?.result, "done");
    const tags = core.graph().nodes.get("a-1")?.reported["tags"];
    assert.deepEqual(tags, dialect === "ckcore" ? { owner: "x", size: "big" } : { size: "big" });
    assert.deepEqual(core.violations, []);
  }
});

Deno.test("tag: a result that is no node of the model is a violation", async () => {
  for (
    const [data, problem] of [
      [{ id: "other", reported: { kind: "disk" } }, /is node other/],
      [{ id: "a-1", reported: { kind: "disk", cloud: {} } }, /not defined in model/],
    ] as const
  ) {
    await using core = await startFakeCore({ dialect: "ckcore" });
    const client = new Client(core);
    await filled(client);
    await using socket = await work({ client, core });
    const tagged = core.tag(["a-1"], { update: { owner: "y" } });
    socket.send({ task_id: (await socket.next())["task_id"], result: "done", data });
    assert.equal((await tagged)[0]?.result, "error");
    assert.match(core.violations[0] ?? "", problem);
  }
});

Deno.test("tag: the longest filter wins, and who has least to do", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  const client = new Client(core);
  await filled(client);
  await using _any = await work({ client, core });
  await using _other = await work({ client, core }, ["ground"]);
  await using first = await work({ client, core }, ["sky"]);
  await using second = await work({ client, core }, ["sky", "ground"]);
  const tagged = core.tag(["a-1", "a-2"], { update: { x: "y" } });
  for (const socket of [first, second]) {
    const { task_id } = await socket.next();
    // The result of somebody else's task does not count.
    (socket === first ? second : first).send({ task_id, result: "error", error: "not mine" });
    socket.send({ task_id, result: "error", error: "mine" });
  }
  assert.deepEqual((await tagged).map(({ error }) => error).sort().slice(0, 1), ["mine"]);
  assert.deepEqual((await tagged).map(({ node }) => node), ["a-1", "a-2"]);
});

Deno.test("tag: a task whose worker is gone is given out again by the older core alone", async () => {
  for (const [dialect, given] of [["ckcore", 4], ["fixcore", 1]] as const) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await filled(client);
    const tagged = core.tag(["a-1"], { update: { x: "y" } });
    for (let time = 0; time < given; time++) {
      await using socket = await work({ client, core });
      await socket.next();
    }
    const [outcome] = await tagged;
    assert.equal(outcome?.error, "Could not finish the task.");
    assert.equal(outcome?.given, given);
  }
});

Deno.test("tag: waits half a minute for a worker and half a minute for its answer", async () => {
  for (const dialect of DIALECTS) {
    const clock = new ManualClock();
    await using core = await startFakeCore({ dialect, clock });
    const client = new Client(core);
    await filled(client);
    const unheard = core.tag(["a-1"], { update: { x: "y" } });
    await clock.advance(36_000);
    assert.equal((await unheard)[0]?.error, "No worker for task: tag");
    await using _socket = await work({ client, core });
    const unanswered = core.tag(["a-1"], { update: { x: "y" } });
    await core.until(() => core.queue.inFlight === 1);
    await clock.advance(dialect === "ckcore" ? 4 * 36_000 : 36_000);
    assert.equal((await unanswered)[0]?.error, "Could not finish the task.");
  }
});

Deno.test("tag: the older core hangs up after a result and gives the rest out again", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await filled(client);
  const tagged = core.tag(["a-1", "a-2"], { update: { x: "y" } });
  for (let left = 2; left > 0; left--) {
    await using socket = await work({ client, core });
    const { task_id } = await socket.next();
    socket.send({ task_id, result: "error", error: "no" });
    await socket.closed;
  }
  assert.deepEqual((await tagged).map(({ given }) => given), [1, 2]);
});

Deno.test("startFakeCore: a queue must be told what a worker takes", async () => {
  await using old = await startFakeCore({ dialect: "ckcore" });
  await assert.rejects(new Client(old).open("/work/queue"), /400/);
  await using core = await startFakeCore({ dialect: "fixcore" });
  for (const first of [[], {}, "tag", [{ info: "x" }]]) {
    await using socket = await new Client(core).open("/work/queue");
    socket.send(first);
    assert.equal((await socket.closed).code, 1000);
  }
  assert.equal(core.violations.length, 4);
});

Deno.test("tag: a task that comes back has half a minute more", async () => {
  const clock = new ManualClock();
  await using core = await startFakeCore({ dialect: "ckcore", clock });
  const client = new Client(core);
  await filled(client);
  const tagged = core.tag(["a-1"], { update: { x: "y" } });
  {
    await using socket = await work({ client, core });
    await socket.next();
    await clock.advance(25_000);
  }
  await core.until(() => core.queue.workers === 0);
  await clock.advance(20_000);
  await using socket = await work({ client, core });
  socket.send({ task_id: (await socket.next())["task_id"], result: "error", error: "at last" });
  assert.equal((await tagged)[0]?.error, "at last");
});
