import assert from "node:assert/strict";
import { type DialectName, type Task, TaskListener } from "../../../lib/core/mod.ts";
import type { TaskBookLimits, TaskOffer } from "../../../lib/core/mod.ts";
import { loopbackConnection } from "../../support/loopback_connection.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { QueueCore } from "../../support/queue_core.ts";
import { RecordingLogger } from "../../support/recording_logger.ts";
import { settle, until } from "../../support/until.ts";

interface StageOptions {
  readonly dialect?: DialectName;
  readonly connections?: number;
  readonly maxConnections?: number;
  readonly offers?: readonly TaskOffer[];
  readonly limits?: Partial<TaskBookLimits>;
  readonly handle?: (task: Task) => Promise<unknown>;
}

/** A listener whose tasks run until the test ends them, unless it brings a handler. */
function stage(core: QueueCore, options: StageOptions = {}) {
  const { dialect = "ckcore", connections = 2, handle, limits = {} } = options;
  const clock = new ManualClock();
  const log = new RecordingLogger();
  const running: { task: Task; signal: AbortSignal; end: PromiseWithResolvers<unknown> }[] = [];
  const listener = new TaskListener({
    connection: loopbackConnection(() => core.port),
    dialect: () => Promise.resolve(dialect),
    offers: options.offers ?? [{ name: "tag", filter: { cloud: ["aws"] } }],
    handle: async (task, { signal }) => {
      if (handle !== undefined) return await handle(task);
      const end = Promise.withResolvers<unknown>();
      running.push({ task, signal, end });
      return await end.promise;
    },
    describe: (error) => error instanceof Error ? error.message : "?",
    connections,
    maxConnections: options.maxConnections ?? 128,
    limits,
    clock,
    log,
  });
  const stop = new AbortController();
  const over = listener.run(stop.signal);
  return {
    listener,
    clock,
    log,
    running,
    over,
    stop,
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      for (const { end } of running) end.resolve(null);
      await over;
      await settle();
      assert.deepEqual(clock.asleep, [], "no timer is left");
    },
  };
}

function done(id: string, data: unknown) {
  return { task_id: id, result: "done", data };
}

Deno.test("TaskListener takes tasks of an old core, answers and connects again", async () => {
  await using core = new QueueCore(true);
  await using it = stage(core, {
    offers: [{ name: "tag", filter: { cloud: ["aws", "gcp"] } }, { name: "other" }],
  });
  await until(() => core.workers === 2, "connected");
  const first = core.give("1", { data: { update: { owner: "lisa" } } });
  await until(() => it.running.length === 1, "begun");
  assert.deepEqual(it.running[0]?.task, {
    id: "1",
    name: "tag",
    data: { update: { owner: "lisa" } },
    attrs: { cloud: "aws" },
  });
  it.running[0]?.end.resolve({ id: "node" });
  assert.deepEqual(await first, done("1", { id: "node" }));
  const second = core.give("2");
  await until(() => it.running.length === 2, "begun");
  it.running[1]?.end.reject(new Error("no\nrights"));
  assert.deepEqual(await second, { task_id: "2", result: "error", error: "no rights" });
  await until(() => core.workers === 2, "connected again");
  assert.equal(new Set(core.queries).size, 1);
  assert.equal(core.queries[0], "/work/queue?task=tag&cloud=aws%2Cgcp");
});

Deno.test("TaskListener offers a new core its tasks and takes many on one socket", async () => {
  await using core = new QueueCore(false);
  const offers = [{ name: "tag", filter: { cloud: ["aws"] }, expectNodeResult: true }];
  await using it = stage(core, { dialect: "fixcore", offers, limits: { concurrency: 2 } });
  await until(() => core.workers === 1, "connected");
  assert.deepEqual(JSON.parse(core.texts[0] ?? ""), [{
    name: "tag",
    info: "",
    description: "",
    filter: { cloud: ["aws"] },
    expect_node_result: true,
    args_description: {},
    allowed_on_kind: null,
  }]);
  const answers = ["1", "2", "3"].map((id) => core.give(id));
  await until(() => it.listener.snapshot().waiting === 1, "two run, one waits");
  it.running[1]?.end.resolve("b");
  assert.deepEqual(await answers[1], done("2", "b"));
  await until(() => it.running.length === 3, "the third");
  it.running[2]?.end.resolve("c");
  it.running[0]?.end.resolve("a");
  assert.deepEqual(await Promise.all(answers), [done("1", "a"), done("2", "b"), done("3", "c")]);
  assert.deepEqual(core.queries, ["/work/queue"]);
});

for (const tasks of [200, 1_000]) {
  Deno.test(`TaskListener loses none of ${tasks} tasks over 32 sockets that close, and runs none twice`, async () => {
    await using core = new QueueCore(true);
    const ran: string[] = [];
    await using it = stage(core, {
      connections: 32,
      handle: async (task) => {
        ran.push(task.id);
        await settle();
        return task.id;
      },
    });
    await until(() => core.workers === 32, "connected");
    const ids = Array.from({ length: tasks }, (_, index) => `task ${index}`);
    const answers = new Map<string, unknown>();
    const left = ids.values();
    // The core's command has a hundred under way at any time.
    await Promise.all(Array.from({ length: 100 }, async () => {
      for (const id of left) answers.set(id, await core.give(id));
    }));
    assert.deepEqual(
      [...answers.values()].filter((answer) => typeof answer === "string"),
      [],
      "the core gave up",
    );
    assert.deepEqual(answers, new Map(ids.map((id) => [id, done(id, id)] as const)));
    assert.deepEqual(ran.toSorted(), ids.toSorted());
    const { sockets, done: counted } = it.listener.snapshot();
    assert.equal(counted, tasks);
    assert.equal(sockets > 32 && sockets <= 128, true, `${sockets} sockets`);
    // What was opened for the rush is closed when nothing comes any more.
    await until(() => core.workers >= 100, "all connected");
    await settle();
    it.clock.advance(300_000);
    await until(() => it.listener.snapshot().sockets === 32, "the extra ones are gone");
    await until(() => core.workers === 32, "the others are replaced");
  });
}

Deno.test("TaskListener waits for a task that the core would give up when its socket closes again", async () => {
  await using core = new QueueCore(true);
  await using it = stage(core, { connections: 1, maxConnections: 1 });
  await until(() => core.workers === 1, "connected");
  const slow = core.give("slow");
  await until(() => it.running.length === 1, "begun");
  for (const [index, id] of ["a", "b"].entries()) {
    const quick = core.give(id);
    await until(() => it.running.length === index + 2, "begun");
    it.running[index + 1]?.end.resolve(id);
    assert.deepEqual(await quick, done(id, id));
    await until(() => it.listener.snapshot().repeated === index + 1, "came again");
  }
  const last = core.give("c");
  await until(() => it.running.length === 4, "begun");
  it.running[3]?.end.resolve("c");
  await settle();
  assert.equal(core.texts.length, 2, "the slow one comes first");
  it.running[0]?.end.resolve("slow");
  assert.deepEqual(await slow, done("slow", "slow"));
  assert.deepEqual(await last, done("c", "c"));
});

Deno.test("TaskListener does a task once that comes again while it runs, and answers both", async () => {
  await using core = new QueueCore(true);
  await using it = stage(core);
  await until(() => core.workers === 2, "connected");
  const answer = core.give("1");
  await until(() => it.running.length === 1, "begun");
  core.again("1");
  await until(() => it.listener.snapshot().repeated === 1, "came again");
  it.running[0]?.end.resolve("x");
  assert.deepEqual(await answer, done("1", "x"));
  await until(() => core.texts.length === 2, "both sockets answered");
  assert.equal(it.running.length, 1);
});

Deno.test("TaskListener remembers the result of a task whose socket was lost", async () => {
  await using core = new QueueCore(true);
  await using it = stage(core, { connections: 1 });
  await until(() => core.workers === 1, "connected");
  const answer = core.give("1");
  await until(() => it.running.length === 1, "begun");
  const { port } = core;
  await core.stop();
  await until(() => it.clock.asleep.includes(375), "lost");
  it.running[0]?.end.resolve("x");
  await until(() => it.listener.snapshot().done === 1, "done");
  core.start(port);
  it.clock.advance(375);
  assert.deepEqual(await answer, done("1", "x"));
  assert.equal(it.running.length, 1);
});

Deno.test("TaskListener does not do a task for which the core no longer waits", async () => {
  await using core = new QueueCore(false);
  await using it = stage(core, { dialect: "fixcore", limits: { concurrency: 1 } });
  await until(() => core.workers === 1, "connected");
  const answers = ["1", "2"].map((id) => core.give(id));
  await until(() => it.listener.snapshot().waiting === 1, "one waits");
  it.clock.advance(28_000);
  assert.match(JSON.stringify(await answers[0]), /The task took too long/);
  const refused = await answers[1];
  assert.match(JSON.stringify(refused), /"error":"The task waited too long/);
  assert.equal(it.running.length, 1);
  // It is not remembered: when it comes again it is done.
  const again = core.give("2");
  await until(() => it.running.length === 2, "begun");
  it.running[1]?.end.resolve("ok");
  assert.deepEqual(await again, done("2", "ok"));
  assert.equal(it.listener.snapshot().refused, 1);
});

Deno.test("TaskListener does a task that the core gave out again while it waited", async () => {
  await using core = new QueueCore(true);
  await using it = stage(core, { connections: 3, limits: { concurrency: 1 } });
  await until(() => core.workers === 3, "connected");
  const [first, second] = ["1", "2"].map((id) => core.give(id));
  await until(() => it.listener.snapshot().waiting === 1, "one waits");
  it.clock.advance(27_000);
  core.again("2");
  await until(() => it.listener.snapshot().repeated === 1, "came again");
  it.clock.advance(2_000);
  await first;
  await until(() => it.running.length === 2, "begun");
  it.running[1]?.end.resolve("b");
  assert.deepEqual(await second, done("2", "b"));
});

Deno.test("TaskListener refuses tasks beyond its queue, and results that are no JSON or too large", async () => {
  await using core = new QueueCore(false);
  await using it = stage(core, { dialect: "fixcore", limits: { concurrency: 1, waiting: 1 } });
  await until(() => core.workers === 1, "connected");
  const answers = ["1", "2", "3"].map((id) => core.give(id));
  assert.match(JSON.stringify(await answers[2]), /"error":"Too many tasks wait/);
  it.running[0]?.end.resolve({ large: "x".repeat(5 * 1024 * 1024) });
  assert.match(JSON.stringify(await answers[0]), /larger than a core takes/);
  await until(() => it.running.length === 2, "begun");
  it.running[1]?.end.resolve({ big: 1n });
  assert.match(JSON.stringify(await answers[1]), /"result":"error"/);
});

Deno.test("TaskListener answers nothing that is no task, and an error for a task it does not have", async () => {
  await using core = new QueueCore(false);
  await using it = stage(core, { dialect: "fixcore" });
  await until(() => core.workers === 1, "connected");
  const bad = ["{", "null", "[]", '{"task_id":1}', '{"task_id":"1","task_name":"tag","data":[]}'];
  for (const text of [...bad, " "]) core.say(text);
  const answer = await core.give("1", { task_name: "dance" });
  assert.match(JSON.stringify(answer), /has no task \\"dance\\"/);
  assert.equal(core.texts.length, 2);
  assert.equal(it.log.seen.filter((line) => line === "warn core.tasks.ignored").length, bad.length);
});

Deno.test("TaskListener gives up a task that ignores its end, and takes the next", async () => {
  await using core = new QueueCore(false);
  await using it = stage(core, { dialect: "fixcore", limits: { concurrency: 1 } });
  await until(() => core.workers === 1, "connected");
  const first = core.give("1");
  await until(() => it.running.length === 1, "begun");
  it.clock.advance(28_000);
  assert.match(JSON.stringify(await first), /The task took too long \(28 s\)/);
  assert.equal(it.running[0]?.signal.aborted, true);
  void core.give("2");
  await until(() => it.running.length === 2, "the next");
});

Deno.test("TaskListener drains: sockets without a task close, what runs is answered", async () => {
  for (const dialect of ["ckcore", "fixcore"] as const) {
    await using core = new QueueCore(dialect === "ckcore");
    await using it = stage(core, { dialect });
    await until(() => core.workers === (dialect === "ckcore" ? 2 : 1), "connected");
    const answer = core.give("1");
    await until(() => it.running.length === 1, "begun");
    let isDrained = false;
    const drained = it.listener.drain().then(() => isDrained = true);
    await until(() => core.workers === 1, "one is left");
    await settle();
    assert.equal(isDrained, false);
    it.running[0]?.end.resolve("x");
    assert.deepEqual(await answer, done("1", "x"));
    await drained;
    await it.over;
    await until(() => core.workers === 0, "gone");
  }
});

Deno.test("TaskListener that is stopped ends what runs and answers nothing", async () => {
  await using core = new QueueCore(true);
  await using it = stage(core);
  await until(() => core.workers === 2, "connected");
  void core.give("1");
  await until(() => it.running.length === 1, "begun");
  it.stop.abort();
  await it.over;
  assert.equal(it.running[0]?.signal.aborted, true);
  assert.deepEqual(core.texts, []);
});

Deno.test("TaskListener tries with one socket while the core is away, and with all when it is back", async () => {
  await using core = new QueueCore(true);
  await using it = stage(core, { connections: 8 });
  await until(() => it.listener.snapshot().sockets === 8, "connected");
  // A connection that ends at once would be another trouble.
  it.clock.advance(5_000);
  const { port } = core;
  await core.stop();
  await until(() => it.clock.asleep.join() === "375", "one waits, the others for it");
  it.clock.advance(375);
  await until(() => it.clock.asleep.includes(750), "waits longer");
  assert.equal(it.listener.snapshot().connected, false);
  core.start(port);
  it.clock.advance(750);
  await until(() => core.workers === 8, "all are back");
  assert.deepEqual(it.log.seen, [
    "info core.link.connected",
    "warn core.link.unreachable",
    "info core.link.connected",
  ]);
});

Deno.test("TaskListener takes an offer that is empty for a bug", () => {
  assert.throws(() =>
    new TaskListener({
      connection: loopbackConnection(() => 1),
      dialect: () => Promise.resolve("fixcore"),
      offers: [],
      handle: () => Promise.resolve(),
      describe: String,
      clock: new ManualClock(),
      log: new RecordingLogger(),
    }), RangeError);
});
