import assert from "node:assert/strict";
import { startDaemonHere } from "../support/daemon_here.ts";
import { SUBSCRIBER } from "../support/daemon_binary.ts";
import { assertGood, collectAt, idsAt, merges } from "../support/daemon_core.ts";
import { type CoreDialect, type FakeCore, startFakeCore } from "../support/fake_core.ts";
import { SmallSky } from "../support/small_sky.ts";
import { until } from "../support/until.ts";

const BOTH: readonly CoreDialect[] = ["ckcore", "fixcore"];

async function connected(core: FakeCore): Promise<void> {
  await core.until(() => core.isConnected(SUBSCRIBER[core.dialect]));
}

for (const dialect of BOTH) {
  Deno.test(`daemon at ${dialect}: a refused merge is told with its reason, and is not repeated`, async () => {
    const body = "Error: ImportAborted\nMessage: no such thing as d1";
    await using core = await startFakeCore({
      dialect,
      faults: [{
        on: "request",
        match: { path: /\/merge$/ },
        effect: { type: "answer", status: 400, body },
      }],
    });
    await using daemon = startDaemonHere({ core, script: new SmallSky().script });
    await connected(core);
    const { answers } = await core.runStep("collect");
    assert.equal(answers[0]?.kind, "action_error");
    assert.match(answers[0]?.error ?? "", /^Failed to collect: .*no such thing as d1/);
    assert.equal(daemon.log.count(/error daemon\.upload\.refused .*no such thing as d1/), 1);
    assert.equal(core.requests.filter(({ path }) => path.endsWith("/merge")).length, 1);
    core.setFaults([]);
    await collectAt(core);
    assert.deepEqual(idsAt(core, "sky_disk"), ["d1", "d2"]);
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: runs wait for a core that is away and go up in the end`, async () => {
    await using core = await startFakeCore({ dialect });
    const sky = new SmallSky();
    await using daemon = startDaemonHere({ core, script: sky.script });
    await connected(core);
    await collectAt(core);
    core.setFaults([{
      on: "request",
      match: { path: /\/merge$/ },
      effect: { type: "answer", status: 503 },
    }]);
    sky.disks.set("d3", 3);
    const task = core.startWorkflow(["collect"]);
    await until(() => daemon.log.count(/daemon\.upload\.postponed/) > 1, "postponed twice");
    core.setFaults([]);
    await core.until(() => core.steps(task)[0]?.outcome === "finished");
    assert.deepEqual(idsAt(core, "sky_disk"), ["d1", "d2", "d3"]);
    assert.equal(sky.runs, 2);
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: an earlier graph that is on its way at a stop still arrives`, async () => {
    const fault = { on: "request", match: { path: /\/merge$/ } } as const;
    await using core = await startFakeCore({
      dialect,
      faults: [{ ...fault, effect: { type: "answer", status: 503 } }],
    });
    const sky = new SmallSky();
    await using first = startDaemonHere({ core, script: sky.script, shutdownSeconds: 1 });
    await connected(core);
    core.startWorkflow(["collect"]);
    await until(() => first.log.count(/daemon\.upload\.postponed/) > 0, "postponed");
    assert.equal(await first.stop(), 0);
    core.setFaults([{ ...fault, effect: { type: "hold" } }]);
    await using second = startDaemonHere({
      ...{ core, script: sky.script, store: first.store, shutdownSeconds: 600 },
    });
    await core.until(() => core.held > 0);
    const ended = second.stop();
    await core.until(() => !core.isConnected(SUBSCRIBER[dialect]));
    core.release();
    assert.equal(await ended, 0);
    assert.deepEqual(idsAt(core, "sky_disk"), ["d1", "d2"]);
    assert.equal(second.log.count(/daemon\.upload\.accepted/), 1);
  });

  for (const after of [undefined, 0, 1, 200, 900]) {
    Deno.test(`daemon at ${dialect}: a merge that is cut ${after ?? "before its body"} is whole in the end, also after a restart`, async () => {
      const cut = after === undefined ? {} : { after };
      await using core = await startFakeCore({
        dialect,
        faults: [{
          on: "request",
          match: { path: /\/merge$/ },
          effect: { type: "cut", ...cut },
        }],
      });
      const sky = new SmallSky();
      await using first = startDaemonHere({ core, script: sky.script, shutdownSeconds: 1 });
      await connected(core);
      core.startWorkflow(["collect"]);
      await until(() => first.log.count(/daemon\.upload\.postponed/) > 0, "postponed");
      assert.equal(await first.stop(), 0);
      core.setFaults([]);
      assert.deepEqual(idsAt(core, "sky_disk"), []);
      // What is left is handed over at the start, before anybody asks for a collection.
      core.startWorkflow([]);
      await using second = startDaemonHere({ core, script: sky.script, store: first.store });
      await core.until(() => merges(core) === 1);
      await core.until(() => idsAt(core, "sky_disk").length === 2);
      assertGood(core);
      assert.equal(await second.stop(), 0);
    });
  }
}

Deno.test("daemon: a line that a core does not take goes up shortened, and is named", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const sky = new SmallSky();
  sky.disks = new Map([["d1", 1]]);
  sky.ballast = "x".repeat(200 * 1024);
  await using daemon = startDaemonHere({ core, script: sky.script });
  await connected(core);
  await collectAt(core);
  const [disk] = [...core.graph().nodes.values()]
    .filter(({ reported }) => reported["kind"] === "sky_disk");
  assert.equal(disk?.reported["value"], 1);
  assert.ok(JSON.stringify(disk?.reported).length < 1_000);
  assert.equal(daemon.log.count(/warn daemon\.upload\.shortened .*"kind":"sky_disk","id":"d1"/), 1);
  assert.equal(await daemon.stop(), 0);
});

Deno.test("daemon: the node that a core stumbles over is named with its content", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const sky = new SmallSky();
  sky.disks = new Map([["d1", 1], ["d2", 1.5]]);
  await using daemon = startDaemonHere({ core, script: sky.script });
  await connected(core);
  const { answers } = await core.runStep("collect");
  assert.match(answers[0]?.error ?? "", /sky_disk d2 .*1\.5/);
  assert.equal(daemon.log.count(/error daemon\.upload\.refused .*sky_disk d2 .*1\.5/), 1);
  sky.disks.set("d2", 2);
  await collectAt(core);
  assert.equal(await daemon.stop(), 0);
});
