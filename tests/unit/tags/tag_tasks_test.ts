import assert from "node:assert/strict";
import { CloudError } from "../../../lib/errors/mod.ts";
import { KindIndex } from "../../../lib/model/mod.ts";
import type { ChangeNode, NodeChange } from "../../../lib/sdk/mod.ts";
import { TagTasks } from "../../../lib/tags/mod.ts";
import { type FakeChange, FakeChangers } from "../../support/fake_changer.ts";
import { EXAMPLE, recordingLogger } from "../../support/guest_request.ts";
import { SimulatedClock } from "../../support/simulated_clock.ts";
import { newNode, oldNode } from "../../support/tag_task.ts";

const LIMITS = { concurrency: 20, waiting: 100, taskMs: 28_000 };
const IDLE_MS = 300_000;
const NEVER = new AbortController().signal;

/** Tag tasks over fake guests and a clock that the test turns. */
function stage(change?: FakeChange, limits: Partial<typeof LIMITS> = {}) {
  const clock = new SimulatedClock();
  const changers = new FakeChangers(change);
  const logs: unknown[] = [];
  const tasks = new TagTasks({
    plugins: [{ entry: EXAMPLE, options: { region: [] }, seen: { env: {}, files: {} } }],
    kinds: new KindIndex(EXAMPLE.model.kinds),
    ports: changers,
    settings: {
      fork: false,
      base: "file:///main.ts",
      allowHelpers: [],
      idleMs: IDLE_MS,
      log: recordingLogger(logs),
    },
    limits: { ...LIMITS, ...limits },
    clock: { now: () => new Date(clock.now()), sleep: (ms, signal) => clock.sleep(ms, signal) },
  });
  return { clock, changers, logs, tasks };
}

/** Remembers the changes, and answers as a cloud that does what it is asked. */
function recorder() {
  const made: { readonly node: ChangeNode; readonly change: NodeChange }[] = [];
  const change: FakeChange = (node, change) => {
    made.push({ node, change });
    return { outcome: "done" };
  };
  return { made, change };
}

Deno.test("TagTasks sets a tag and answers the node as the older generation stores it", async () => {
  const { made, change } = recorder();
  const { tasks } = stage(change);
  const answer = await tasks.handle({ update: { owner: "lisa" }, node: oldNode() }, NEVER);
  assert.deepEqual(answer, {
    id: "FI_j_EAhzxSqC6fSQYi7Vw",
    reported: {
      kind: "example_instance",
      id: "i-1",
      name: "web",
      ctime: "2021-12-01T10:00:00Z",
      instance_cores: 2,
      tags: { Name: "web", owner: "lisa" },
    },
    metadata: {
      python_type: "cloudkeeper_plugin_example_collector.ExampleInstance",
      cleaned: false,
      phantom: false,
      protected: false,
    },
  });
  const { account, region, zone, reported, ...node } = made[0]?.node ?? assert.fail();
  assert.deepEqual(node, {
    kind: "example_instance",
    id: "i-1",
    name: "web",
    cloud: "example",
  });
  assert.deepEqual([account.id, account.name, account.reported["role"]], ["1", "dev", "CkRole"]);
  assert.deepEqual([region, zone], [{ id: "us-east", name: "US East" }, undefined]);
  assert.equal(Object.hasOwn(reported, "region"), false);
});

Deno.test("TagTasks reads and answers the form of the newer generation", async () => {
  const { made, change } = recorder();
  const { tasks } = stage(change);
  const answer = await tasks.handle(
    { update: { owner: null }, node: newNode({ zone: "a zone that is a property" }) },
    NEVER,
  );
  assert.deepEqual(answer, {
    id: "FI_j_EAhzxSqC6fSQYi7Vw",
    reported: {
      id: "i-1",
      name: "web",
      ctime: "2021-12-01T10:00:00Z",
      kind: "example_instance",
      zone: "a zone that is a property",
      tags: { Name: "web", owner: "" },
    },
    metadata: { python_type: "x.Y", categories: ["compute"] },
    desired: { clean: true },
  });
  assert.deepEqual(made[0]?.node.region, { id: "us-east", name: "US East" });
  assert.deepEqual(made[0]?.change, { type: "setTag", key: "owner", value: "" });
});

Deno.test("TagTasks keeps the marks of the node, and changes tags of a protected one", async () => {
  const { tasks } = stage();
  const node = oldNode({}, { protected: true, cleaned: true });
  const { metadata } = await tasks.handle({ update: { a: "b" }, node }, NEVER);
  assert.deepEqual(metadata, {
    python_type: "cloudkeeper_plugin_example_collector.ExampleInstance",
    cleaned: true,
    phantom: false,
    protected: true,
  });
});

Deno.test("TagTasks removes before it sets, one after the other", async () => {
  const { made, change } = recorder();
  const { tasks } = stage(change);
  const node = oldNode({ tags: { a: "1", b: "2" } });
  const { reported } = await tasks.handle(
    { update: { a: "3", c: "4" }, delete: ["a", "b"], node },
    NEVER,
  );
  assert.deepEqual(Reflect.get(Object(reported), "tags"), { a: "3", c: "4" });
  const seen = made.map(({ node, change }) => [change.type, node.reported["tags"]]);
  assert.deepEqual(seen, [
    ["removeTag", { a: "1", b: "2" }],
    ["removeTag", { b: "2" }],
    ["setTag", {}],
    ["setTag", { a: "3" }],
  ]);
});

Deno.test("TagTasks believes the plugin that knows all tags", async () => {
  const { tasks } = stage(() => ({ outcome: "done", tags: { other: "x", owner: "lisa" } }));
  const { reported } = await tasks.handle({ update: { owner: "lisa" }, node: oldNode() }, NEVER);
  assert.deepEqual(Reflect.get(Object(reported), "tags"), { other: "x", owner: "lisa" });
});

Deno.test("TagTasks asks the cloud to remove a tag that the node lacks, then says so", async () => {
  const { made, change } = recorder();
  const { tasks } = stage(change);
  const task = { delete: ["owner", "Name"], node: oldNode() };
  await assert.rejects(tasks.handle(task, NEVER), /example_instance i-1 has no tag "owner"/);
  assert.deepEqual(made.map(({ change }) => change), [{ type: "removeTag", key: "owner" }]);
});

for (
  const [title, change, message] of [
    ["a node that is gone", () => ({ outcome: "gone" as const }), /i-1 does not exist any more/],
    [
      "what the cloud refuses, in one line",
      () => Promise.reject(new CloudError("access_denied", "ec2:CreateTags\n  denied")),
      /^ChangeError: ec2:CreateTags denied$/,
    ],
  ] as const
) {
  Deno.test(`TagTasks reports ${title}`, async () => {
    const { tasks } = stage(change);
    const answer = tasks.handle({ update: { owner: "x" }, node: oldNode() }, NEVER);
    await assert.rejects(answer, message);
  });
}

for (
  const [title, data, message] of [
    ["nothing", undefined, /not of the right form/],
    ["no node", { update: { a: "b" } }, /not of the right form \(node/],
    ["a node without kind", { update: { a: "b" }, node: oldNode({ kind: 5 }) }, /reported.kind/],
    ["a value that is no text", { update: { a: 5 }, node: oldNode() }, /update.a/],
    ["an empty key", { update: { "": "b" }, node: oldNode() }, /not of the right form/],
    ["no change", { update: {}, node: oldNode() }, /asks for no change/],
    [
      "an unknown kind",
      { update: { a: "b" }, node: oldNode({ kind: "x" }) },
      /no plugin here knows/,
    ],
    [
      "another cloud",
      { update: { a: "b" }, node: oldNode({ cloud: { id: "gcp" } }) },
      /no plugin here knows example_instance of cloud gcp/,
    ],
    [
      "a kind without tags",
      { update: { a: "b" }, node: oldNode({ kind: "example_account" }) },
      /tags of example_account cannot be set/,
    ],
    [
      "no account",
      { update: { a: "b" }, node: oldNode({ account: null }) },
      /does not tell the account of example_instance i-1/,
    ],
  ] as const
) {
  Deno.test(`TagTasks refuses a task with ${title}`, async () => {
    const { tasks, changers } = stage();
    await assert.rejects(tasks.handle(data, NEVER), message);
    assert.equal(changers.started.length, 0);
  });
}

Deno.test("TagTasks shares one guest, and ends it when it is idle", async () => {
  const { tasks, changers, clock } = stage();
  const task = (id: string) => ({ update: { a: "b" }, node: oldNode({ id }) });
  await Promise.all(["1", "2", "3"].map((id) => tasks.handle(task(id), NEVER)));
  assert.equal(changers.started.length, 1);
  const [guest] = changers.started;
  await clock.run(guest?.ended ?? assert.fail());
  assert.equal(guest?.state, "stopped");
  await tasks.handle(task("4"), NEVER);
  assert.equal(changers.started.length, 2);
  await tasks[Symbol.asyncDispose]();
  assert.equal(changers.started[1]?.state, "stopped");
});

Deno.test("TagTasks gives the error to the tasks of a guest that crashes, the next a new guest", async () => {
  const asked = Promise.withResolvers<void>();
  let first = true;
  const { tasks, changers, logs } = stage(() => {
    if (!first) return { outcome: "done" };
    first = false;
    asked.resolve();
    return new Promise(() => {});
  });
  const task = { update: { a: "b" }, node: oldNode() };
  const lost = tasks.handle(task, NEVER);
  await asked.promise;
  changers.started[0]?.crash();
  await assert.rejects(lost, /Plugin "example" crashed/);
  await tasks.handle(task, NEVER);
  assert.equal(changers.started.length, 2);
  assert.match(JSON.stringify(logs), /changer.guest.lost/);
});

Deno.test("TagTasks starts a new guest for a change that the ended one never got", async () => {
  const { tasks, changers } = stage();
  const task = { update: { a: "b" }, node: oldNode() };
  await tasks.handle(task, NEVER);
  changers.started[0]?.crash();
  await tasks.handle(task, NEVER);
  assert.equal(changers.started.length, 2);
});

Deno.test("TagTasks reports a guest that does not start, and tries again next time", async () => {
  const { tasks, changers } = stage();
  changers.refusals.push(new CloudError("no_credentials", "there are no credentials"));
  const task = { update: { a: "b" }, node: oldNode() };
  await assert.rejects(tasks.handle(task, NEVER), /there are no credentials/);
  await tasks.handle(task, NEVER);
  assert.equal(changers.started.length, 1);
});

Deno.test("TagTasks makes changes of one node one after the other, of others at once", async () => {
  const releases: (() => void)[] = [];
  const begun: string[] = [];
  const { tasks } = stage((node, change) => {
    begun.push(`${node.id} ${change.type === "setTag" ? change.key : ""}`);
    return new Promise((resolve) => releases.push(() => resolve({ outcome: "done" })));
  });
  const task = (id: string, key: string) =>
    tasks.handle({ update: { [key]: "x" }, node: oldNode({ id }) }, NEVER);
  const all = [task("i-1", "a"), task("i-1", "b"), task("i-2", "a")];
  while (begun.length < 2) await Promise.resolve();
  assert.deepEqual(begun, ["i-1 a", "i-2 a"]);
  for (const release of releases.splice(0)) release();
  while (begun.length < 3) await Promise.resolve();
  assert.equal(begun[2], "i-1 b");
  for (const release of releases.splice(0)) release();
  await Promise.all(all);
});

Deno.test("TagTasks bounds how many tasks run and wait", async () => {
  let running = 0;
  const releases: (() => void)[] = [];
  const { tasks } = stage(() => {
    running++;
    return new Promise((resolve) => releases.push(() => resolve({ outcome: "done" })));
  }, { concurrency: 2, waiting: 1 });
  const task = (id: string) => tasks.handle({ update: { a: "x" }, node: oldNode({ id }) }, NEVER);
  const taken = ["1", "2", "3"].map(task);
  await assert.rejects(task("4"), /3 tag tasks are under way/);
  while (running < 2) await Promise.resolve();
  assert.equal(running, 2);
  for (const release of releases.splice(0)) release();
  while (running < 3) await Promise.resolve();
  for (const release of releases.splice(0)) release();
  await Promise.all(taken);
  await Promise.all([
    task("5"),
    Promise.resolve().then(async () => {
      while (releases.length === 0) await Promise.resolve();
      releases[0]?.();
    }),
  ]);
});

Deno.test("TagTasks ends tasks that take too long, and tells the plugin", async () => {
  const signals: AbortSignal[] = [];
  const { tasks, clock } = stage((_node, _change, signal) => {
    signals.push(signal);
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  const task = (id: string) =>
    tasks.handle({ update: { a: "x" }, node: oldNode({ id }) }, NEVER).then(
      () => assert.fail("it was done"),
      (error) => String(error),
    );
  const errors = await clock.run(Promise.all([task("1"), task("2")]));
  for (const error of errors) assert.match(error, /no answer within 28 s/);
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true]);
});

Deno.test("TagTasks ends tasks that nobody wants any more, begun or not", async () => {
  const begun: string[] = [];
  const { tasks } = stage((node, _change, signal) => {
    begun.push(node.id);
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  }, { concurrency: 1 });
  const stop = new AbortController();
  const answers = ["1", "2"].map((id) =>
    tasks.handle({ update: { a: "x" }, node: oldNode({ id }) }, stop.signal)
  );
  while (begun.length === 0) await Promise.resolve();
  stop.abort(new Error("the core is gone"));
  for (const answer of answers) await assert.rejects(answer, /the core is gone/);
  assert.deepEqual(begun, ["1"]);
  await assert.rejects(tasks.handle({ update: { a: "x" }, node: oldNode() }, stop.signal), /gone/);
});
