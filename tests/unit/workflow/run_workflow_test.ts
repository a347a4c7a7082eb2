import assert from "node:assert/strict";
import { CloudError } from "../../../lib/errors/mod.ts";
import { changeFlags } from "../../../lib/store/mod.ts";
import type { Step } from "../../../lib/config/mod.ts";
import { collectWorld, worldId } from "../../support/core_world.ts";
import { actor, marks, workflowStage } from "../../support/workflow.ts";

const DISK = {
  kind: "c_disk",
  cloud: "sky",
  account: "a",
  region: "a-r",
  zone: "undefined",
  id: "a-1",
  twin: "",
};

Deno.test("runWorkflow(): action plugins react step by step, and it is told what they did", async () => {
  using stage = await workflowStage();
  const protect = [{ type: "protect", node: worldId("b-1"), reason: "snowflake" }];
  const { collected, workflow } = await stage.run({
    steps: ["collect", "post_collect", "cleanup_plan"],
    actions: [
      marks(["a-1", "a-2", "b-1"]),
      actor("decide", protect, { name: "keeper", action: "post_collect" }),
      actor("throw", [], { name: "unasked", action: "post_cleanup_plan" }),
    ],
  });
  assert.equal(collected?.run, "r1");
  assert.deepEqual(workflow, {
    steps: ["collect", "post_collect", "cleanup_plan"],
    actions: [
      {
        plugin: "keeper",
        step: "post_collect",
        dryRun: true,
        status: "done",
        decisions: [{
          ...{ type: "protect", outcome: "done", cloud: "sky", account: "b", kind: "c_disk" },
          count: 1,
          reasons: ["snowflake"],
        }],
      },
      {
        plugin: "actor",
        step: "cleanup_plan",
        dryRun: true,
        status: "done",
        decisions: [
          {
            ...{ type: "mark", outcome: "recorded", cloud: "sky", account: "a", kind: "c_disk" },
            count: 2,
            reasons: ["unused"],
          },
          {
            ...{ type: "mark", outcome: "refused", cloud: "sky", account: "b", kind: "c_disk" },
            count: 1,
            reasons: ["it is protected"],
          },
        ],
      },
    ],
    dropped: [],
    troubles: [],
  });
});

const ONLY_MARKS = { may: ["mark", "unmark", "protect", "note"] } as const;

Deno.test("runWorkflow(): marks stay over runs and renames, and say nothing twice", async () => {
  using stage = await workflowStage();
  await stage.run({ actions: [marks(["a-1"], ONLY_MARKS)] });
  assert.deepEqual(await stage.flags(), ["a-1 marked: unused"]);
  {
    using store = await stage.open();
    collectWorld(store, "r2", { "a-1": { name: "renamed" } });
  }
  assert.deepEqual(await stage.flags(), ["a-1 marked: unused"]);
  const { workflow } = await stage.run({ actions: [marks(["renamed"], ONLY_MARKS)] });
  assert.deepEqual(workflow.actions.map(({ decisions }) => decisions[0]?.outcome), ["done"]);
  assert.deepEqual(await stage.flags(), ["a-1 marked: unused"]);
  assert.deepEqual(await stage.logOf("a-1"), [{ what: "mark", text: "unused" }]);
});

Deno.test("runWorkflow(): a mark that its rule does not set again ends", async () => {
  using stage = await workflowStage();
  await stage.run({ actions: [marks(["a-1", "a-2"], ONLY_MARKS)] });
  const { workflow } = await stage.run({ actions: [marks(["a-2"], ONLY_MARKS)] });
  assert.deepEqual(workflow.dropped, [{ rule: "actor", count: 1 }]);
  assert.deepEqual(await stage.flags(), ["a-2 marked: unused"]);
  assert.deepEqual((await stage.logOf("a-1")).at(-1), {
    what: "unmark",
    text: "actor would not mark it any more",
  });
});

Deno.test("runWorkflow(): a plan ends the marks of plugins that are switched off, no other step does", async () => {
  using stage = await workflowStage();
  await stage.run({ actions: [marks(["a-1"], ONLY_MARKS)] });
  await stage.run({ steps: ["post_collect"] });
  assert.deepEqual(await stage.flags(), ["a-1 marked: unused"]);
  const other = marks([], { ...ONLY_MARKS, action: "post_cleanup_plan" });
  await stage.run({ actions: [other] });
  assert.deepEqual(await stage.flags(), ["a-1 marked: unused"], "its step was not asked for");
  const { workflow } = await stage.run({});
  assert.deepEqual(workflow.dropped, [{ rule: "actor", count: 1 }]);
  assert.deepEqual(await stage.flags(), []);
});

Deno.test("runWorkflow(): marks of nodes that nobody could look at stay", async () => {
  using stage = await workflowStage();
  await stage.run({ actions: [marks(["a-1", "a-2"], ONLY_MARKS)] });
  {
    using store = await stage.open();
    collectWorld(store, "r2", { "a-1": { outcome: "denied" } });
  }
  await stage.run({ actions: [marks([], ONLY_MARKS)] });
  assert.deepEqual(await stage.flags(), ["a-1 marked: unused"]);
});

Deno.test("runWorkflow(): what a person has marked is no plugin's to end", async () => {
  using stage = await workflowStage();
  {
    using store = await stage.open();
    changeFlags(store, [DISK], { what: "mark", reason: "by hand", rule: "" });
  }
  await stage.run({ actions: [marks([], ONLY_MARKS)] });
  assert.deepEqual(await stage.flags(), ["a-1 marked: by hand"]);
});

Deno.test("runWorkflow(): marks of a query end when it does not find their nodes any more", async () => {
  using stage = await workflowStage();
  {
    using store = await stage.open();
    const rule = (text: string) => ({ what: "mark", reason: "r", rule: `query: ${text}` }) as const;
    changeFlags(store, [DISK], rule("is(c_disk) and disk_size == 7"));
    changeFlags(store, [{ ...DISK, id: "a-2" }], rule("disk_size == 7"));
  }
  const { workflow } = await stage.run({});
  assert.deepEqual(workflow.dropped, [{ rule: "queries", count: 1 }]);
  assert.deepEqual(await stage.flags(), ["a-2 marked: r"]);
});

for (
  const [title, script, trouble, code] of [
    ["lies", "decideOddly", "failed", "sandbox.protocol"],
    ["breaks", "throw", "failed", "sandbox.crash"],
  ] as const
) {
  Deno.test(`runWorkflow(): a plugin that ${title} keeps its marks and holds deletion back`, async () => {
    using stage = await workflowStage();
    await stage.run({ actions: [marks(["a-1"], ONLY_MARKS)] });
    const { workflow } = await stage.run({
      steps: ["cleanup_plan", "cleanup"],
      actions: [actor(script, [], ONLY_MARKS), marks(["b-1"], { ...ONLY_MARKS, name: "other" })],
      cleanup: { allowed: true },
    });
    assert.deepEqual(workflow.actions.map(({ plugin, status }) => [plugin, status]), [
      ["actor", "failed"],
      ["other", "done"],
    ]);
    assert.equal(workflow.actions[0]?.error?.code, code);
    assert.deepEqual(workflow.troubles, [trouble, "cleanup"]);
    assert.match(workflow.cleanup?.withheld ?? "", /^actor failed/);
    assert.deepEqual(await stage.flags(), ["a-1 marked: unused", "b-1 marked: unused"]);
    assert.deepEqual(stage.asked, []);
  });
}

Deno.test("runWorkflow(): what is marked is deleted when that is allowed", async () => {
  const gone = new Set<string>();
  using stage = await workflowStage((node, { type }) => {
    if (type === "delete") gone.add(node.id);
    if (type !== "read") return { outcome: "done" };
    if (gone.has(node.id)) return { outcome: "gone" };
    return { outcome: "done", read: { name: node.name, reported: node.reported, unknown: [] } };
  });
  const steps: readonly Step[] = ["cleanup_plan", "cleanup"];
  const request = { steps, actions: [marks(["a-1", "b-2"], ONLY_MARKS)] };
  const dry = await stage.run({ ...request, cleanup: { allowed: true, dryRun: true } });
  assert.deepEqual(dry.workflow.cleanup?.groups.map(({ outcome, count }) => [outcome, count]), [
    ["dry_run", 1],
    ["dry_run", 1],
  ]);
  assert.deepEqual(stage.asked, []);
  const forbidden = await stage.run(request);
  assert.equal(forbidden.workflow.cleanup?.dryRun, true);
  assert.deepEqual(stage.asked, []);
  const { workflow } = await stage.run({ ...request, cleanup: { allowed: true } });
  assert.deepEqual(workflow.troubles, []);
  assert.deepEqual(
    workflow.cleanup?.groups.map((
      { outcome, account, kind, count },
    ) => [outcome, account, kind, count]),
    [["cleaned", "a", "c_disk", 1], ["cleaned", "b", "c_disk", 1]],
  );
  assert.deepEqual([...gone].sort(), ["a-1", "b-2"]);
  assert.deepEqual(await stage.flags(), []);
  const again = await stage.run({ ...request, cleanup: { allowed: true } });
  assert.deepEqual(
    again.workflow.actions[0]?.decisions.map(({ outcome, reasons }) => [outcome, reasons]),
    [
      ["refused", ["it is cleaned up already"]],
      ["refused", ["it is cleaned up already"]],
    ],
  );
});

Deno.test("runWorkflow(): a clean-up that is refused or fails for some is a trouble", async () => {
  using stage = await workflowStage(() => {
    throw new CloudError("request", "the cloud is on strike");
  });
  const { workflow } = await stage.run({
    steps: ["cleanup_plan", "cleanup"],
    actions: [marks(["a-1", "b-1"], ONLY_MARKS)],
    cleanup: {
      allowed: true,
      limits: {
        ...{ accounts: ["b"], denyAccounts: [], cap: { form: "none" }, trustUnknown: false },
        maxAgeMs: 1_000,
      },
    },
  });
  assert.deepEqual(workflow.troubles, ["cleanup"]);
  const outcomes = workflow.cleanup?.groups.map(({ outcome, account }) => [outcome, account]);
  assert.deepEqual(outcomes?.[1], ["refused: account", "a"]);
});

for (
  const [cleanup, outcome] of [
    [{ allowed: true }, "done"],
    [{ allowed: false }, "recorded"],
    [{ allowed: true, dryRun: true }, "recorded"],
  ] as const
) {
  Deno.test(`runWorkflow(): tags with ${JSON.stringify(cleanup)} are ${outcome}`, async () => {
    using stage = await workflowStage((node, change) => {
      assert.deepEqual(node.account, { id: "a", name: "a", reported: node.account.reported });
      assert.equal(node.account.reported["kind"], "c_account");
      return change.type === "setTag"
        ? { outcome: "done", tags: { [change.key]: change.value } }
        : { outcome: "done" };
    });
    const { workflow } = await stage.run({
      steps: ["pre_cleanup_plan"],
      actions: [actor("tag", [], { action: "pre_cleanup_plan" })],
      cleanup,
    });
    assert.deepEqual(
      workflow.actions.map(({ decisions, status }) => [status, decisions[0]?.outcome]),
      [
        ["done", outcome],
      ],
    );
    assert.deepEqual(stage.asked, outcome === "done" ? ["setTag a-1"] : []);
    using store = await stage.open();
    const body = store.db.get<{ body: string }>("SELECT body FROM nodes WHERE id = 'a-1'")?.body;
    assert.deepEqual(
      JSON.parse(body ?? "").tags,
      outcome === "done" ? { k: "v" } : { owner: "x", expiration: "1d" },
    );
  });
}

Deno.test("runWorkflow(): a signal ends it, and what was marked stays", async () => {
  using stage = await workflowStage();
  await stage.run({ actions: [marks(["a-1"], ONLY_MARKS)] });
  const stop = new AbortController();
  const { collected, workflow } = await stage.run({
    steps: ["collect", "cleanup_plan", "cleanup"],
    actions: [actor("hang", [], { ...ONLY_MARKS, files: () => ["rules.yaml"] })],
    cleanup: { allowed: true },
    signal: stop.signal,
    readText: () => {
      queueMicrotask(() => stop.abort("SIGINT"));
      return "";
    },
  });
  assert.equal(collected?.run, "r1");
  assert.deepEqual(workflow.troubles, ["interrupted"]);
  assert.equal(workflow.cleanup, undefined);
  assert.deepEqual(await stage.flags(), ["a-1 marked: unused"]);
});

Deno.test("runWorkflow(): a fault of this program is no plugin's", async () => {
  using stage = await workflowStage();
  const cleanUp = () => Promise.reject(new TypeError("a mistake of ours"));
  await assert.rejects(
    stage.run({ steps: ["cleanup"], cleanup: { allowed: true }, ports: { cleanUp } }),
    TypeError,
  );
});
