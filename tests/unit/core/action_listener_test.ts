import assert from "node:assert/strict";
import { ActionCore } from "../../support/action_core.ts";
import { actionNames, actionStage } from "../../support/action_stage.ts";
import { CutProxy } from "../../support/cut_proxy.ts";
import { settle, until } from "../../support/until.ts";

Deno.test("ActionListener registers each action, listens, answers, and unregisters", async () => {
  await using core = new ActionCore();
  {
    await using it = actionStage(core);
    await until(() => core.connected === 1, "connected");
    core.ask("collect", "t1", { timing: { a: 1 }, z: [null], "1": "x" });
    await until(() => it.running.length === 1, "begun");
    it.running[0]?.end.resolve();
    await until(() => core.got.length === 1, "answered");
    const { connected, messages, done } = it.listener.snapshot();
    assert.deepEqual({ connected, messages, done }, { connected: true, messages: 1, done: 1 });
  }
  const at = "/subscriber/worker-collect_cleanup";
  assert.deepEqual(core.calls, [
    `POST ${at}/collect?timeout=10800&wait_for_completion=True`,
    `POST ${at}/cleanup?timeout=10800&wait_for_completion=True`,
    "open",
    `DELETE ${at}/collect`,
    `DELETE ${at}/cleanup`,
  ]);
  assert.deepEqual(core.got, [{
    kind: "action_done",
    message_type: "collect",
    data: { task: "t1", step: "collect", timing: { a: 1 }, z: [null], "1": "x" },
  }]);
});

Deno.test("ActionListener tells an error in one line, and one for an action it does not have", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  it.running[0]?.end.reject(new Error("no\n  credentials "));
  core.ask("dance", "t2");
  await until(() => it.clock.asleep.includes(2_000), "the first is answered");
  it.clock.advance(2_000);
  await until(() => core.got.length === 2, "answered");
  assert.deepEqual(core.got.map(({ kind, data }) => [kind, data["error"]]), [
    ["action_error", "no credentials"],
    ["action_error", 'This worker has no action "dance"'],
  ]);
  assert.equal(it.listener.snapshot().failed, 2);
});

Deno.test("ActionListener answers nothing that is no action", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  for (
    const text of [
      "not json{",
      "null",
      "[]",
      "7",
      '{"kind":"event","message_type":"x","data":{}}',
      '{"kind":"action_done","message_type":"collect","data":{"task":"t","step":"s"}}',
      '{"kind":"action"}',
      '{"kind":"action","message_type":"collect","data":{"task":"t"}}',
      '{"kind":"action","message_type":"collect","data":[]}',
      "  ",
    ]
  ) core.say(text);
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  it.running[0]?.end.resolve();
  await until(() => core.got.length === 1, "answered");
  assert.deepEqual(core.got.map(({ kind }) => kind), ["action_done"]);
  assert.equal(it.log.seen.filter((line) => line === "warn core.actions.ignored").length, 9);
});

for (const after of ["close", "break"] as const) {
  Deno.test(`ActionListener connects again at once to a core that does "${after}" behind each message`, async () => {
    await using core = new ActionCore();
    core.after = after;
    await using proxy = new CutProxy(() => core.port);
    core.breakAll = () => proxy.cut();
    await using it = actionStage(core, { port: () => proxy.port });
    await until(() => core.connected === 1, "connected");
    for (const task of ["t1", "t2", "t3"]) core.ask("collect", task);
    for (let done = 0; done < 3; done++) {
      await until(() => it.running.length === done + 1, "begun");
      it.running[done]?.end.resolve();
      await until(() => core.got.length === done + 1, "answered");
      await until(() => core.connected === 1 || it.clock.asleep.includes(375), "next");
      // After a broken connection the core may still hold the old one.
      if (core.connected === 0) it.clock.advance(375);
    }
    await until(() => core.connected === 1, "connected again");
    assert.deepEqual(actionNames(it.began), ["t1 collect", "t2 collect", "t3 collect"]);
    assert.deepEqual(core.got.map(({ data }) => data["task"]), ["t1", "t2", "t3"]);
  });
}

Deno.test("ActionListener goes on when the socket is lost and answers on the next one", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  const { port } = core;
  await core.stop();
  await until(() => it.listener.snapshot().connected === false, "seen");
  it.running[0]?.end.resolve();
  await settle();
  assert.deepEqual(core.got, []);
  core.start(port);
  await until(() => it.clock.asleep.some((ms) => ms < 1_000), "waits");
  it.clock.advance(1_000);
  await until(() => core.got.length === 1, "answered");
  await settle();
  assert.equal(core.got.length, 1);
  assert.deepEqual(actionNames(it.began), ["t1 collect"]);
  assert.equal(core.calls.filter((call) => call.startsWith("POST")).length, 4);
});

Deno.test("ActionListener does not start again what runs when the core repeats it", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  core.closeAll();
  await until(() => core.calls.filter((call) => call === "open").length === 2, "connected again");
  await until(() => it.listener.snapshot().messages === 3, "repeated");
  it.running[0]?.end.resolve();
  await until(() => core.got.length === 1, "answered");
  assert.equal(it.began.length, 1);
});

Deno.test("ActionListener repeats an answer that the core lost, and backs off when it loses all", async () => {
  await using core = new ActionCore();
  core.after = "close";
  core.loses = 3;
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  it.running[0]?.end.resolve();
  await until(() => core.got.length === 2, "repeated at once");
  await until(() => it.clock.asleep.includes(375), "waits before the third");
  await settle();
  assert.equal(core.got.length, 2);
  it.clock.advance(375);
  await until(() => core.got.length === 3, "repeated");
  await until(() => it.clock.asleep.includes(750), "waits longer");
  it.clock.advance(750);
  await until(() => core.got.length === 4, "repeated");
  assert.equal(it.began.length, 1);
  assert.equal(new Set(core.texts).size, 1);
  assert.equal(it.listener.snapshot().repeated, 3);
});

Deno.test("ActionListener sends several answers one per socket to a core that closes", async () => {
  await using core = new ActionCore();
  core.after = "close";
  await using it = actionStage(core, { concurrency: 3, extra: ["a", "b", "c"] });
  await until(() => core.connected === 1, "connected");
  for (const name of ["a", "b", "c"]) core.ask(name, name);
  await until(() => it.running.length === 3, "all begun");
  for (const { end } of it.running) end.resolve();
  await until(() => core.got.length === 3, "answered");
  assert.deepEqual(core.got.map(({ data }) => data["task"]).toSorted(), ["a", "b", "c"]);
});

Deno.test("ActionListener sends several answers on one socket to an old core that stays", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core, { concurrency: 3, extra: ["a", "b"] });
  await until(() => core.connected === 1, "connected");
  for (const name of ["a", "b"]) core.ask(name, name);
  await until(() => it.running.length === 2, "begun");
  for (const { end } of it.running) end.resolve();
  await until(() => core.got.length === 1 && it.clock.asleep.includes(2_000), "one, then a pause");
  it.clock.advance(2_000);
  await until(() => core.got.length === 2, "the other");
  assert.equal(core.calls.filter((call) => call === "open").length, 1);
});

Deno.test("ActionListener runs one at a time, and never collect beside cleanup", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core, { dialect: "fixcore", concurrency: 5, extra: ["other"] });
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  core.ask("cleanup", "t2");
  core.ask("other", "t3");
  await until(() => it.running.length === 2, "begun");
  await settle();
  assert.deepEqual(actionNames(it.began), ["t1 collect", "t3 other"]);
  assert.equal(it.listener.snapshot().waiting, 1);
  it.running[0]?.end.resolve();
  await until(() => it.running.length === 3, "begun");
  assert.equal(it.began[2]?.messageType, "cleanup");
});

Deno.test("ActionListener tells a new core of progress and lines, an old one not", async () => {
  for (const dialect of ["fixcore", "ckcore"] as const) {
    await using core = new ActionCore();
    await using it = actionStage(core, { dialect });
    await until(() => core.connected === 1, "connected");
    core.ask("collect", "t1");
    await until(() => it.running.length === 1, "begun");
    const context = it.running[0]?.context;
    context?.progress({ name: "aws", current: 0, total: 1 });
    context?.info("error", "x".repeat(600), ["aws", "account 1"]);
    it.running[0]?.end.resolve();
    const told = dialect === "fixcore" ? 3 : 1;
    await until(() => core.got.length === told, "told");
    const kinds = core.got.map(({ kind }) => kind);
    if (dialect === "ckcore") return assert.deepEqual(kinds, ["action_done"]);
    assert.deepEqual(kinds, ["action_progress", "action_info", "action_done"]);
    assert.deepEqual(core.got[0]?.data, {
      task: "t1",
      step: "collect",
      context: [],
      progress: { kind: "progress", name: "aws", current: 0, total: 1 },
      at: "2026-01-02T03:04:05Z",
    });
    assert.deepEqual(core.got[1]?.data, {
      task: "t1",
      step: "collect",
      level: "error",
      message: `[aws:account 1] ${"x".repeat(500)}`,
    });
  }
});

Deno.test("ActionListener echoes a large message, but not one larger than the core takes", async () => {
  await using core = new ActionCore();
  await using it = actionStage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1", { load: "x".repeat(3 * 1024 * 1024) });
  core.ask("collect", "t2", { load: "x".repeat(5 * 1024 * 1024) });
  for (let done = 0; done < 2; done++) {
    await until(() => it.running.length === done + 1, "begun");
    it.running[done]?.end.resolve();
    await until(() => core.got.length === done + 1, "answered");
    await until(() => done === 1 || it.clock.asleep.includes(2_000), "paused");
    it.clock.advance(2_000);
  }
  assert.equal(String(core.got[0]?.data["load"]).length, 3 * 1024 * 1024);
  assert.deepEqual(core.got[1]?.data, { task: "t2", step: "collect" });
});
