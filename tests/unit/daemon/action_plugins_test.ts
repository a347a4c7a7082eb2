import assert from "node:assert/strict";
import type { ActionRequest } from "../../../lib/actions/mod.ts";
import type { ActionPlugin } from "../../../lib/daemon/mod.ts";
import { ConfigError, PluginError } from "../../../lib/errors/mod.ts";
import type { PluginEntry } from "../../../lib/sdk/mod.ts";
import { actions as builtIn } from "../../../plugins/mod.ts";
import { ACTOR } from "../../support/action_run.ts";
import { ENTRY } from "../../support/core_sky.ts";
import { collectAt } from "../../support/daemon_core.ts";
import { type DaemonHere, type DaemonParts, startDaemonHere } from "../../support/daemon_here.ts";
import { type CoreDialect, type FakeCore, startFakeCore } from "../../support/fake_core.ts";
import { FakeChangers } from "../../support/fake_changer.ts";
import { SmallSky } from "../../support/small_sky.ts";

const DIALECTS: readonly CoreDialect[] = ["ckcore", "fixcore"];
const PREFIX: Readonly<Record<CoreDialect, string>> = { ckcore: "worker", fixcore: "fix.worker" };

/** The sky with disks that can be changed. */
const CHANGEABLE: PluginEntry = {
  ...ENTRY,
  model: {
    kinds: ENTRY.model.kinds.map((kind) =>
      kind.name === "sky_disk" ? { ...kind, changes: ["setTag", "delete", "read"] } : kind
    ),
  },
};

function plugin(options: Record<string, unknown>, name = "actor"): ActionPlugin {
  const manifest = { ...ACTOR.manifest, name, subscriber: `${name}Plugin` };
  return { entry: { ...ACTOR, manifest }, options: { node: "n1", text: "[]", ...options } };
}

function subscriberOf(dialect: CoreDialect, name = "actor"): string {
  return `${PREFIX[dialect]}-actions-cleanup_plan-${name}Plugin`;
}

/** Collects once, so that there is something to decide about. */
async function collected(
  dialect: CoreDialect,
  parts: Omit<DaemonParts, "core" | "script">,
  test: (core: FakeCore, daemon: DaemonHere, disk: string) => Promise<void>,
): Promise<void> {
  await using core = await startFakeCore({ dialect });
  await using daemon = startDaemonHere({ core, script: new SmallSky().script, ...parts });
  const worker = dialect === "ckcore" ? "worker-collect_cleanup" : "fix.worker-collector";
  await core.until(() => core.isConnected(worker));
  await collectAt(core);
  const disk = [...core.graph().nodes.values()].find(({ reported }) => reported["id"] === "d1");
  await test(core, daemon, disk?.id ?? "");
  assert.equal(await daemon.stop(), 0);
}

for (const dialect of DIALECTS) {
  Deno.test(`daemon at ${dialect}: an action plugin waits for its own step, and marks`, async () => {
    let text = "[]";
    const actions = () => [plugin({ script: "decide", text })];
    await collected(dialect, { actions }, async (core, _daemon, disk) => {
      await core.until(() => core.isConnected(subscriberOf(dialect)));
      text = JSON.stringify([{ type: "mark", node: disk, reason: "unused" }]);
      const { answers } = await core.runStep("cleanup_plan");
      assert.deepEqual(answers, [{ subscriber: subscriberOf(dialect), kind: "action_done" }]);
      const node = core.graph().nodes.get(disk);
      assert.equal(node?.desired?.["clean"], true);
      assert.match(JSON.stringify(node?.metadata?.["event_log"]), /unused/);
    });
  });

  for (const dryRun of [false, true]) {
    Deno.test(`daemon at ${dialect}: a plugin's tag goes to cloud and core${dryRun ? ", not in a dry run" : ""}`, async () => {
      const asked: string[] = [];
      const changers = new FakeChangers((node, change) => {
        asked.push(`${change.type} ${node.id} ${node.account.id}`);
        return { outcome: "done", tags: { k: "v" } };
      });
      let node = "n1";
      let script = "count";
      const actions = () => [plugin({ script, node })];
      const parts = { actions, changers, entry: CHANGEABLE, cleanup: { dryRun } };
      await collected(dialect, parts, async (core, _daemon, disk) => {
        await core.until(() => core.isConnected(subscriberOf(dialect)));
        [node, script] = [disk, "tag"];
        const { answers } = await core.runStep("cleanup_plan");
        assert.deepEqual(answers.map(({ kind }) => kind), ["action_done"]);
        assert.deepEqual(asked, dryRun ? [] : ["setTag d1 1"]);
        const tags = core.graph().nodes.get(disk)?.reported["tags"];
        assert.deepEqual(tags, dryRun ? {} : { k: "v" });
      });
    });
  }

  Deno.test(`daemon at ${dialect}: a plugin that fails is told, counted, and asked again`, async () => {
    let acts = 0;
    const act = ({ entry, core }: ActionRequest) => {
      const isTrial = core.name === "nothing";
      if (!isTrial && ++acts === 1) return Promise.reject(new PluginError("it stumbled"));
      const { name, action } = entry.manifest;
      return Promise.resolve({ plugin: name, action, dryRun: false, decisions: [] });
    };
    const parts = { actions: () => [plugin({})], act };
    await collected(dialect, parts, async (core, daemon) => {
      await core.until(() => core.isConnected(subscriberOf(dialect)));
      const first = await core.runStep("cleanup_plan");
      assert.deepEqual(first.answers.map(({ kind }) => kind), ["action_error"]);
      assert.match(
        await metricsOf(daemon),
        /cloudkeeper_unhandled_plugin_exceptions_total{plugin="actorPlugin"} 1/,
      );
      await core.until(() => core.isConnected(subscriberOf(dialect)));
      const second = await core.runStep("cleanup_plan");
      assert.deepEqual(second.answers.map(({ kind }) => kind), ["action_done"]);
    });
  });

  for (const [allowed, dryRun] of [[true, false], [false, false], [true, true]] as const) {
    const title = JSON.stringify({ allowed, dryRun });
    Deno.test(`daemon at ${dialect}: the action cleanup with ${title}`, async () => {
      const gone = new Set<string>();
      const changers = new FakeChangers((node, { type }) => {
        if (type === "delete") gone.add(node.id);
        if (type !== "read") return { outcome: "done" };
        if (gone.has(node.id)) return { outcome: "gone" };
        return { outcome: "done", read: { name: node.name, reported: node.reported, unknown: [] } };
      });
      let text = "[]";
      const actions = () => [plugin({ script: "decide", text })];
      const parts = { actions, changers, entry: CHANGEABLE, cleanup: { allowed, dryRun } };
      await collected(dialect, parts, async (core, _daemon, disk) => {
        await core.until(() => core.isConnected(subscriberOf(dialect)));
        text = JSON.stringify([{ type: "mark", node: disk, reason: "unused" }]);
        await core.runStep("cleanup_plan");
        const { answers } = await core.runStep("cleanup");
        assert.deepEqual(answers.map(({ kind }) => kind), ["action_done"]);
        const isDeleted = allowed && !dryRun;
        assert.deepEqual([...gone], isDeleted ? ["d1"] : []);
        const { metadata } = core.graph().nodes.get(disk) ?? {};
        assert.equal(metadata?.["cleaned"] === true, isDeleted);
      });
    });
  }
}

Deno.test("daemon: a plugin whose configuration is not usable is left out, the rest lives", async () => {
  const act = ({ entry }: ActionRequest) => {
    const { name, action } = entry.manifest;
    if (name === "bad") return Promise.reject(new ConfigError("x.yaml:1:1: no list"));
    return Promise.resolve({ plugin: name, action, dryRun: false, decisions: [] });
  };
  const parts = { actions: () => [plugin({}, "bad"), plugin({}, "good")], act };
  await collected("ckcore", parts, async (core, daemon) => {
    await core.until(() => core.isConnected(subscriberOf("ckcore", "good")));
    const ids = core.subscriptions().map(({ id }) => id);
    assert.deepEqual(ids.includes(subscriberOf("ckcore", "bad")), false);
    assert.ok(
      daemon.log.count(/error daemon.action.unusable Action plugin bad is left out: x.yaml/),
    );
    const { answers } = await core.runStep("cleanup_plan");
    assert.deepEqual(answers.map(({ kind }) => kind), ["action_done"]);
  });
});

Deno.test("daemon: real plugins read their files at the start and again at each action", async () => {
  const files: Record<string, string> = {
    "untagged.yaml": "tags: [owner\n",
    "snowflakes.yaml": "sky: {'1': {r1: {sky_disk: [d1]}}}\n",
  };
  const actions = () =>
    builtIn.flatMap((entry) => {
      const config = entry.manifest.name === "protect_snowflakes"
        ? "snowflakes.yaml"
        : "untagged.yaml";
      return ["protect_snowflakes", "cleanup_untagged"].includes(entry.manifest.name)
        ? [{ entry, options: { config } }]
        : [];
    });
  const base = new URL("../../../main.ts", import.meta.url).href;
  const parts = { actions, base, readText: (path: string) => files[path] ?? "" };
  await collected("ckcore", parts, async (core, daemon, disk) => {
    const subscriber = "worker-actions-post_collect-ProtectSnowflakesPlugin";
    await core.until(() => core.isConnected(subscriber));
    assert.equal(daemon.log.count(/cleanup_untagged is left out: untagged.yaml:/), 1);
    await core.runStep("post_collect");
    assert.equal(core.graph().nodes.get(disk)?.metadata?.["protected"], true);
    files["snowflakes.yaml"] = "sky: [\n";
    await core.until(() => core.isConnected(subscriber));
    const { answers } = await core.runStep("post_collect");
    assert.deepEqual(answers.map(({ kind }) => kind), ["action_error"]);
  });
});

/** What the daemon tells on its web pages. */
async function metricsOf(daemon: DaemonHere): Promise<string> {
  const line = daemon.log.lines.find((each) => each.includes("daemon.started")) ?? "";
  const url = /"web":"([^"]+?)\/?"/.exec(line)?.[1] ?? "";
  return await (await fetch(`${url}/metrics`)).text();
}
