import assert from "node:assert/strict";
import {
  type Action,
  type ActionContext,
  ActionListener,
  type DialectName,
} from "../../../lib/core/mod.ts";
import { ActionCore } from "../../support/action_core.ts";
import { CutProxy } from "../../support/cut_proxy.ts";
import { loopbackConnection } from "../../support/loopback_connection.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { RecordingLogger } from "../../support/recording_logger.ts";
import { settle, until } from "../../support/until.ts";

interface StageOptions {
  readonly dialect?: DialectName;
  readonly port?: () => number;
  readonly concurrency?: number;
  readonly extra?: readonly string[];
}

/** A listener whose actions run until the test ends them. */
function stage(core: ActionCore, options: StageOptions = {}) {
  const { dialect = "ckcore", port = () => core.port, concurrency = 1, extra = [] } = options;
  const clock = new ManualClock();
  const log = new RecordingLogger();
  const began: Action[] = [];
  const running: { action: Action; context: ActionContext; end: PromiseWithResolvers<void> }[] = [];
  const listener = new ActionListener({
    connection: loopbackConnection(port),
    dialect: () => Promise.resolve(dialect),
    subscriber: "worker-collect_cleanup",
    actions: ["collect", "cleanup", ...extra].map((name) => ({
      name,
      timeoutSeconds: 10_800,
      waitForCompletion: true,
    })),
    handle: async (action, context) => {
      const end = Promise.withResolvers<void>();
      began.push(action);
      running.push({ action, context, end });
      await end.promise;
    },
    describe: (error) => error instanceof Error ? error.message : "?",
    concurrency,
    clock,
    log,
  });
  const stop = new AbortController();
  const over = listener.run(stop.signal);
  return {
    listener,
    clock,
    log,
    began,
    running,
    over,
    stop,
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      for (const { end } of running) end.resolve();
      await over;
      await settle();
      assert.deepEqual(clock.asleep, [], "no timer is left");
    },
  };
}

function names(actions: readonly Action[]): readonly string[] {
  return actions.map(({ task, messageType }) => `${task} ${messageType}`);
}

Deno.test("ActionListener registers each action, listens, answers, and unregisters", async () => {
  await using core = new ActionCore();
  {
    await using it = stage(core);
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
  await using it = stage(core);
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
  await using it = stage(core);
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
    await using it = stage(core, { port: () => proxy.port });
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
    assert.deepEqual(names(it.began), ["t1 collect", "t2 collect", "t3 collect"]);
    assert.deepEqual(core.got.map(({ data }) => data["task"]), ["t1", "t2", "t3"]);
  });
}

Deno.test("ActionListener goes on when the socket is lost and answers on the next one", async () => {
  await using core = new ActionCore();
  await using it = stage(core);
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
  assert.deepEqual(names(it.began), ["t1 collect"]);
  assert.equal(core.calls.filter((call) => call.startsWith("POST")).length, 4);
});

Deno.test("ActionListener does not start again what runs when the core repeats it", async () => {
  await using core = new ActionCore();
  await using it = stage(core);
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
  await using it = stage(core);
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
  await using it = stage(core, { concurrency: 3, extra: ["a", "b", "c"] });
  await until(() => core.connected === 1, "connected");
  for (const name of ["a", "b", "c"]) core.ask(name, name);
  await until(() => it.running.length === 3, "all begun");
  for (const { end } of it.running) end.resolve();
  await until(() => core.got.length === 3, "answered");
  assert.deepEqual(core.got.map(({ data }) => data["task"]).toSorted(), ["a", "b", "c"]);
});

Deno.test("ActionListener sends several answers on one socket to an old core that stays", async () => {
  await using core = new ActionCore();
  await using it = stage(core, { concurrency: 3, extra: ["a", "b"] });
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
  await using it = stage(core, { dialect: "fixcore", concurrency: 5, extra: ["other"] });
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  core.ask("cleanup", "t2");
  core.ask("other", "t3");
  await until(() => it.running.length === 2, "begun");
  await settle();
  assert.deepEqual(names(it.began), ["t1 collect", "t3 other"]);
  assert.equal(it.listener.snapshot().waiting, 1);
  it.running[0]?.end.resolve();
  await until(() => it.running.length === 3, "begun");
  assert.equal(it.began[2]?.messageType, "cleanup");
});

Deno.test("ActionListener tells a new core of progress and lines, an old one not", async () => {
  for (const dialect of ["fixcore", "ckcore"] as const) {
    await using core = new ActionCore();
    await using it = stage(core, { dialect });
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
  await using it = stage(core);
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

Deno.test("ActionListener waits for a core that is down at the start and says so once", async () => {
  await using core = new ActionCore(false);
  const reserved = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = reserved.addr;
  reserved.close();
  await using it = stage(core, { port: () => port });
  for (const wait of [375, 750, 1_500, 3_000, 6_000, 7_500, 7_500]) {
    await until(() => it.clock.asleep.length === 1, "waits");
    assert.equal(it.clock.asleep[0], wait);
    it.clock.advance(wait);
    await settle();
  }
  assert.deepEqual(it.log.seen, ["warn core.link.unreachable"]);
  await until(() => it.clock.asleep.length === 1, "waits");
  core.start(port);
  it.clock.advance(10_000);
  await until(() => core.connected === 1, "connected");
  await until(() => it.listener.snapshot().connected, "noted");
  assert.deepEqual(it.log.seen, ["warn core.link.unreachable", "info core.link.connected"]);
  assert.match(it.listener.snapshot().lastError ?? "", /No answer/);
});

Deno.test("ActionListener replaces a socket on which nothing comes for minutes", async () => {
  await using core = new ActionCore();
  await using it = stage(core);
  await until(() => core.connected === 1 && it.clock.asleep.length > 0, "connected");
  await until(() => it.clock.asleep.includes(262_500), "watches");
  it.clock.advance(262_500);
  await until(() => core.calls.filter((call) => call === "open").length === 2, "replaced");
  assert.equal(it.listener.snapshot().connected, true);
  assert.deepEqual(it.log.seen, ["info core.link.connected"]);
});

Deno.test("ActionListener drains: what runs is answered, what waits and what comes is left", async () => {
  await using core = new ActionCore();
  await using it = stage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  core.ask("cleanup", "t1");
  await until(() => it.listener.snapshot().waiting === 1, "waits");
  let isDrained = false;
  const drained = it.listener.drain().then(() => isDrained = true);
  core.ask("collect", "t9");
  await settle();
  assert.equal(isDrained, false);
  it.running[0]?.end.resolve();
  await until(() => it.clock.asleep.includes(2_000), "answered");
  it.clock.advance(2_000);
  await drained;
  await it.over;
  assert.deepEqual(names(it.began), ["t1 collect"]);
  assert.deepEqual(core.got.map(({ message_type }) => message_type), ["collect"]);
  await until(() => core.connected === 0, "gone");
});

Deno.test("ActionListener drains at once when nothing runs, connected or not", async () => {
  await using core = new ActionCore();
  await using it = stage(core);
  await until(() => core.connected === 1, "connected");
  await it.listener.drain();
  await it.over;
  await until(() => core.connected === 0, "gone");
  await using nobody = new ActionCore(false);
  await using other = stage(nobody);
  await other.listener.drain();
  await other.over;
});

Deno.test("ActionListener that is stopped ends what runs and answers nothing", async () => {
  await using core = new ActionCore();
  await using it = stage(core, { dialect: "fixcore" });
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  const { context, end } = it.running[0] ?? assert.fail("nothing runs");
  context.signal.addEventListener("abort", () => end.reject(context.signal.reason));
  it.stop.abort();
  await it.over;
  assert.equal(context.signal.aborted, true);
  assert.deepEqual(core.got, []);
  assert.equal(core.calls.some((call) => call.startsWith("DELETE")), false);
});

Deno.test("ActionListener stops although the core refuses to unregister it", async () => {
  await using core = new ActionCore();
  await using it = stage(core);
  await until(() => core.connected === 1, "connected");
  core.statuses.push({ call: "DELETE", status: 400 });
  it.stop.abort();
  await it.over;
  assert.deepEqual(it.log.seen.filter((line) => line.includes("unsubscribe")), [
    "warn core.actions.unsubscribe",
  ]);
});

Deno.test("ActionListener ends an action for which the core no longer waits", async () => {
  await using core = new ActionCore();
  await using it = stage(core);
  await until(() => core.connected === 1, "connected");
  core.ask("collect", "t1");
  await until(() => it.running.length === 1, "begun");
  const { context, end } = it.running[0] ?? assert.fail("nothing runs");
  context.signal.addEventListener("abort", () => end.reject(context.signal.reason));
  it.clock.advance(10_800_000);
  await until(() => it.listener.snapshot().failed === 1, "ended");
  await until(() => core.got.length === 1, "answered");
  assert.match(String(core.got[0]?.data["error"]), /longer than the core waits \(10800 s\)/);
});

Deno.test("ActionListener registers again when the core forgot it, and waits when its id is taken", async () => {
  await using core = new ActionCore();
  core.statuses.push(
    { call: "open", status: 404 },
    { call: "open", status: 429 },
    { call: "POST", status: 503 },
  );
  await using it = stage(core);
  for (const wait of [375, 750, 1_500]) {
    await until(() => it.clock.asleep.includes(wait), `waits ${wait}`);
    it.clock.advance(wait);
  }
  await until(() => core.connected === 1, "connected");
  const brief = core.calls.map((call) => call.split(" ")[0]);
  // The planned 503 meets the first registration.
  assert.deepEqual(brief, [
    "POST",
    "POST",
    "POST",
    "open",
    "POST",
    "POST",
    "open",
    "POST",
    "POST",
    "open",
  ]);
});
