import assert from "node:assert/strict";
import { type CoreDialect, ManualClock, startFakeCore } from "../../support/fake_core.ts";
import { Client, sky } from "./fake_core_client.ts";

const DIALECTS: readonly CoreDialect[] = ["ckcore", "fixcore"];
const HANDLE = "/subscriber/w/handle";

Deno.test("startFakeCore: a handle wants a subscription, and gives one connection", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await assert.rejects(client.open(HANDLE), /404/);
    await client.subscribe("w", "collect", "cleanup");
    await using _socket = await client.open(HANDLE);
    await assert.rejects(client.open(HANDLE), /429/);
    assert.equal((await client.call("POST", "/subscriber/w/x?timeout=soon")).status, 400);
    const shown = JSON.parse((await client.call("DELETE", "/subscriber/w/cleanup")).text);
    assert.deepEqual(Object.keys(shown.subscriptions), ["collect"]);
  }
});

Deno.test("runStep: ends when everybody who is waited for has answered", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await client.subscribe("w", "collect");
    await client.call("POST", "/subscriber/other/collect?wait_for_completion=false");
    await using socket = await client.open(HANDLE);
    const step = core.runStep("collect");
    const action = await socket.next();
    assert.equal(action["kind"], "action");
    assert.equal("timing" in (action["data"] ?? {}), dialect === "fixcore");
    const data = { ...action["data"], error: "broken" };
    socket.send({ kind: "action_error", message_type: "collect", data });
    const { outcome, answers } = await step;
    assert.equal(outcome, "finished");
    assert.deepEqual(answers, [{ subscriber: "w", kind: "action_error", error: "broken" }]);
    assert.deepEqual(core.violations, []);
  }
});

Deno.test("runStep: the older core hangs up after each message, the newer one stays", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await client.subscribe("w", "collect");
  await using socket = await client.open(HANDLE);
  const steps = core.runWorkflow(["collect", "collect"]);
  const done = { kind: "action_done", message_type: "collect" };
  socket.send({ ...done, data: (await socket.next())["data"] });
  assert.deepEqual(await socket.closed, { code: 1000, clean: true });
  await using again = await client.open(HANDLE);
  again.send({ ...done, data: (await again.next())["data"] });
  assert.deepEqual((await steps).map(({ outcome }) => outcome), ["finished", "finished"]);
});

Deno.test("runStep: what is said after the older core has hung up is lost", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await client.subscribe("w", "collect");
  const tasks = [core.startWorkflow(["collect"]), core.startWorkflow(["collect"])];
  await using socket = await client.open(HANDLE);
  const done = { kind: "action_done", message_type: "collect" };
  const all = [await socket.next(), await socket.next()];
  for (const { data } of all) socket.send({ ...done, data });
  await socket.closed;
  const outcomes = () => tasks.map((task) => core.steps(task)[0]?.outcome);
  await core.until(() => outcomes()[0] === "finished");
  await using again = await client.open(HANDLE);
  assert.deepEqual((await again.next())["data"], all[1]?.["data"]);
  assert.deepEqual(outcomes(), ["finished", undefined]);
});

Deno.test("runStep: can hang up without a word", async () => {
  await using core = await startFakeCore({ dialect: "ckcore", closesAfterMessage: "abrupt" });
  const client = new Client(core);
  await client.subscribe("w", "collect");
  await using socket = await client.open(HANDLE);
  const step = core.runStep("collect");
  const data = (await socket.next())["data"];
  socket.send({ kind: "action_done", message_type: "collect", data });
  assert.equal((await socket.closed).clean, false);
  assert.equal((await step).outcome, "finished");
});

Deno.test("runStep: what was not answered comes again, also after the core died", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await client.subscribe("w", "collect");
    const step = core.runStep("collect");
    const seen: unknown[] = [];
    {
      await using socket = await client.open(HANDLE);
      seen.push((await socket.next())["data"]?.["task"]);
      await core.stop();
      assert.equal((await socket.closed).clean, false);
    }
    await assert.rejects(client.open(HANDLE));
    await core.restart();
    await using socket = await client.open(HANDLE);
    const { data } = await socket.next();
    assert.deepEqual(seen, [data?.["task"]]);
    socket.send({ kind: "action_done", message_type: "collect", data });
    assert.equal((await step).outcome, "finished");
  }
});

Deno.test("restart: a core that forgets knows neither task nor subscription nor graph", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await client.prepare();
  await client.subscribe("w", "collect");
  const step = core.runStep("collect");
  await core.restart({ forget: true });
  assert.equal((await step).outcome, "forgotten");
  await assert.rejects(client.open(HANDLE), /404/);
  assert.equal((await client.merge(sky("ckcore"))).status, 404);
});

Deno.test("runStep: ends with its time, by the core's clock", async () => {
  const clock = new ManualClock();
  await using core = await startFakeCore({ dialect: "fixcore", clock });
  const client = new Client(core);
  await client.subscribe("w", "collect");
  const step = core.runStep("collect");
  await core.until(() => clock.sleeping > 0);
  await clock.advance(59_000);
  assert.equal(core.subscriptions().length, 1);
  await clock.advance(1_000);
  assert.equal((await step).outcome, "timed_out");
  await using socket = await client.open(HANDLE);
  const { task } = await step;
  const data = { task, step: "collect", timing: {} };
  socket.send({ kind: "action_done", message_type: "collect", data });
  await core.until(() => core.late.length === 1);
  assert.deepEqual(core.violations, []);
});

Deno.test("runStep: nobody subscribed ends a step at once", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  assert.deepEqual((await core.runStep("collect")).answers, []);
});

Deno.test("startFakeCore: drops who has been away for three minutes, once it is up for five", async () => {
  const clock = new ManualClock();
  await using core = await startFakeCore({ dialect: "ckcore", clock });
  await new Client(core).subscribe("w", "collect");
  await clock.advance(4 * 60_000);
  assert.equal(core.subscriptions().length, 1);
  await clock.advance(61_000);
  assert.equal(core.subscriptions().length, 0);
});

Deno.test("startFakeCore: a wrong answer is a violation, and ends the newer socket", async () => {
  const wrong = (task: unknown): [unknown, RegExp][] => [
    ["null", /no JSON object/],
    ["{", /no JSON object/],
    [{ kind: "action", message_type: "collect", data: { task, step: "collect" } }, /kind/],
    [{ kind: "action_done", message_type: "collect", data: { task } }, /step/],
    [{ kind: "action_done", message_type: "cleanup", data: { task, step: "collect" } }, /type is/],
    [
      { kind: "action_done", message_type: "collect", data: { task, step: "collect", more: 1 } },
      /not what was sent/,
    ],
  ];
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await client.subscribe("w", "collect");
    const task = core.startWorkflow(["collect"]);
    for (const [message, problem] of wrong(task)) {
      await using socket = await client.open(HANDLE);
      const before = core.violations.length;
      socket.send(message);
      await core.until(() => core.violations.length > before);
      assert.match(core.violations[before] ?? "", problem);
      assert.equal((await socket.closed).code, 1000);
    }
  }
});

Deno.test("startFakeCore: the newer core takes progress in its exact form", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  const client = new Client(core);
  await client.subscribe("w", "collect");
  const task = core.startWorkflow(["collect"]);
  const leaf = { kind: "progress", name: "us-east-1", path: ["a"], current: 0, total: 1 };
  const at = "2026-11-23T04:09:19Z";
  const ids = { task, step: "collect" };
  const progress = (progress: unknown, more: unknown = { at }) => ({
    kind: "action_progress",
    message_type: "collect",
    data: { ...ids, context: [], progress, ...Object(more) },
  });
  const info = (level: string) => ({
    kind: "action_info",
    message_type: "collect",
    data: { ...ids, level, message: "[aws] text" },
  });
  await using socket = await client.open(HANDLE);
  const good = [progress(leaf), progress({ kind: "tree", name: "aws", parts: [leaf] }), "  \n"];
  for (const message of [...good, info("error")]) socket.send(message);
  await core.until(() => core.steps(task)[0]?.told.length === 3);
  assert.deepEqual(core.violations, []);
  await socket[Symbol.asyncDispose]();
  const bad = [
    progress({ ...leaf, total: 0 }),
    progress({ ...leaf, current: 2 }),
    progress(leaf, {}),
    progress({ kind: "tree", name: "aws", parts: [{ name: "x" }] }),
    info("warning"),
  ];
  for (const message of bad) {
    await using other = await client.open(HANDLE);
    other.send(message);
    assert.deepEqual(await other.closed, { code: 1000, clean: true });
  }
  assert.equal(core.violations.length, bad.length);
});

Deno.test("startFakeCore: the older core knows no progress, and both no message over 4 MiB", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await client.subscribe("w", "collect");
    await using socket = await client.open(HANDLE);
    socket.send(JSON.stringify("x".repeat(4 * 1024 * 1024)));
    await socket.closed;
    assert.match(core.violations[0] ?? "", /too long/);
  }
});

Deno.test("startFakeCore: tells changes of a configuration to those who listen", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  const client = new Client(core);
  const path = "/config/fix.worker?separate_overrides=true&apply_overrides=true" +
    "&resolve_env_vars=true&include_raw_config=true";
  const missing = await client.call("GET", path);
  assert.deepEqual([missing.status, missing.text], [404, "No config with this id"]);
  await using socket = await client.open("/events?show=config-updated");
  core.setConfig("fix.worker", { fixworker: { timeout: 5 } }, {
    raw: { fixworker: { timeout: 4 } },
    overrides: { fixworker: { timeout: 5 } },
  });
  const { message_type, data } = await socket.next();
  assert.equal(message_type, "config-updated");
  const answer = await client.call("GET", path);
  assert.equal(data?.["revision"], answer.headers.get("fix-config-revision"));
  assert.deepEqual(JSON.parse(answer.text), {
    config: { fixworker: { timeout: 5 } },
    overrides: { fixworker: { timeout: 5 } },
    raw_config: { fixworker: { timeout: 4 } },
  });
});

Deno.test("startFakeCore: the newer core drops who does not answer its pings", async () => {
  await using core = await startFakeCore({ dialect: "fixcore", heartbeat: 0.1 });
  const client = new Client(core);
  await client.subscribe("w", "collect");
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: core.port });
  const handshake = [
    `GET ${HANDLE} HTTP/1.1`,
    `Host: 127.0.0.1:${core.port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  ];
  await connection.write(new TextEncoder().encode(`${handshake.join("\r\n")}\r\n\r\n`));
  await core.until(() => core.isConnected("w"));
  await core.until(() => !core.isConnected("w"));
  assert.equal(core.requests.at(-1)?.status, 101);
});

Deno.test("cut: breaks what is open, and the core lives on", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  const client = new Client(core);
  await client.subscribe("w", "collect");
  await using socket = await client.open(HANDLE);
  core.cut();
  assert.equal((await socket.closed).clean, false);
  await core.until(() => !core.isConnected("w"));
  await using _again = await client.open(HANDLE);
});
