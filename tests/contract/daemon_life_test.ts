import assert from "node:assert/strict";
import { startDaemonHere } from "../support/daemon_here.ts";
import { SUBSCRIBER } from "../support/daemon_binary.ts";
import { assertAnswered, assertGood, collectAt, idsAt } from "../support/daemon_core.ts";
import { type CoreDialect, type FakeCore, startFakeCore } from "../support/fake_core.ts";
import { SmallSky } from "../support/small_sky.ts";
import { until } from "../support/until.ts";

const BOTH: readonly CoreDialect[] = ["ckcore", "fixcore"];

async function connected(core: FakeCore): Promise<void> {
  await core.until(() => core.isConnected(SUBSCRIBER[core.dialect]));
}

async function ended(core: FakeCore, task: string): Promise<void> {
  await core.until(() => core.steps(task).some(({ outcome }) => outcome === "finished"));
  const [step] = core.steps(task);
  if (step !== undefined) assertAnswered(core, step);
}

for (const dialect of BOTH) {
  Deno.test(`daemon at ${dialect}: waits for a core that starts later, and says it once`, async () => {
    await using core = await startFakeCore({ dialect });
    await core.stop();
    const sky = new SmallSky();
    await using daemon = startDaemonHere({ core, script: sky.script, dialect: "auto" });
    await until(() => daemon.log.count(/core\.link\.unreachable/) > 0, "said");
    await core.open();
    await connected(core);
    await collectAt(core);
    assert.equal(daemon.log.count(/warn core\.link\.unreachable .*the core /), 1);
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: a core that restarts, or forgets, gets its worker back`, async () => {
    await using core = await startFakeCore({ dialect });
    const sky = new SmallSky();
    await using daemon = startDaemonHere({ core, script: sky.script });
    await connected(core);
    await collectAt(core);
    for (const forget of [false, true]) {
      await core.restart({ forget });
      await connected(core);
      await collectAt(core);
      assert.deepEqual(idsAt(core, "sky_disk"), ["d1", "d2"]);
    }
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: a wrong key is said with its flag, the right one later does`, async () => {
    const first = await startFakeCore({ dialect, psk: "k3y-of-another" });
    const sky = new SmallSky();
    await using daemon = startDaemonHere({
      core: first,
      script: sky.script,
      psk: "k3y-of-ours",
    });
    await until(() => daemon.log.count(/error core\.link\.unauthorized .*--psk/) > 0, "said");
    assert.equal(daemon.log.count(/k3y/), 0);
    await first[Symbol.asyncDispose]();
    await using core = await startFakeCore({ dialect, psk: "k3y-of-ours", port: first.port });
    await connected(core);
    await collectAt(core);
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: a second worker of the same id is told which flag parts them`, async () => {
    await using core = await startFakeCore({ dialect });
    const [one, two] = [new SmallSky(), new SmallSky()];
    await using first = startDaemonHere({ core, script: one.script });
    await connected(core);
    await using second = startDaemonHere({ core, script: two.script, speed: 500 });
    const flag = dialect === "ckcore" ? "--ckcore-subscriber-id" : "--subscriber-id";
    const said = new RegExp(`error core\\.link\\.contested .*\\s${flag}`);
    await until(() => second.log.count(said) > 0, "said");
    await collectAt(core);
    assert.deepEqual([one.runs, two.runs], [1, 0]);
    assert.equal(await first.stop(), 0);
    await core.until(() => core.isConnected(SUBSCRIBER[dialect]));
    await collectAt(core);
    assert.equal(two.runs, 1);
    assert.equal(await second.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: a collect outlives its socket and is answered on the next, once`, async () => {
    await using core = await startFakeCore({ dialect });
    const sky = new SmallSky();
    sky.hold();
    await using daemon = startDaemonHere({ core, script: sky.script });
    await connected(core);
    const task = core.startWorkflow(["collect"]);
    await sky.begun(1);
    for (let times = 0; times < 3; times++) {
      core.cut();
      await core.until(() => !core.isConnected(SUBSCRIBER[dialect]));
      await connected(core);
    }
    await core.until(() => replays(core, task) >= 4);
    sky.release();
    await ended(core, task);
    assert.deepEqual([sky.runs, sky.most], [1, 1]);
    assert.deepEqual(core.late, []);
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: a collect that ends while the core is dead is answered later`, async () => {
    await using core = await startFakeCore({ dialect });
    const sky = new SmallSky();
    sky.hold();
    await using daemon = startDaemonHere({ core, script: sky.script });
    await connected(core);
    const task = core.startWorkflow(["collect"]);
    await sky.begun(1);
    await core.stop();
    sky.release();
    await until(() => daemon.log.count(/daemon\.upload\.postponed/) > 0, "postponed");
    await core.open();
    await ended(core, task);
    assert.deepEqual(idsAt(core, "sky_disk"), ["d1", "d2"]);
    assert.equal(sky.runs, 1);
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: many actions at once run one after the other`, async () => {
    await using core = await startFakeCore({ dialect });
    const sky = new SmallSky();
    await using daemon = startDaemonHere({ core, script: sky.script });
    await connected(core);
    const steps = ["collect", "cleanup", "collect", "cleanup", "collect"];
    const all = await Promise.all(steps.map((step) => core.runStep(step)));
    for (const step of all) assertAnswered(core, step);
    assert.deepEqual([sky.runs, sky.most], [3, 1]);
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: sockets that are dropped after each message lose nothing`, async () => {
    for (const closesAfterMessage of [true, "abrupt"] as const) {
      await using core = await startFakeCore({ dialect, closesAfterMessage });
      const sky = new SmallSky();
      await using daemon = startDaemonHere({ core, script: sky.script });
      await connected(core);
      for (let times = 0; times < 2; times++) {
        const steps = await core.runWorkflow(["collect", "cleanup"]);
        assert.deepEqual(steps.map(({ outcome }) => outcome), ["finished", "finished"]);
      }
      assert.deepEqual([sky.runs, sky.most], [2, 1]);
      assertGood(core);
      assert.equal(await daemon.stop(), 0);
    }
  });

  for (const [status, headers] of [[404, {}], [500, {}], [503, { "retry-after": "1" }]] as const) {
    Deno.test(`daemon at ${dialect}: connects again when the core answers ${status}`, async () => {
      const match = { path: /\/handle$/ };
      await using core = await startFakeCore({
        dialect,
        faults: [1, 2, 3].map((nth) => ({
          on: "request",
          match: { ...match, nth },
          effect: { type: "answer", status, headers },
        })),
      });
      const sky = new SmallSky();
      await using daemon = startDaemonHere({ core, script: sky.script });
      await connected(core);
      await collectAt(core);
      assert.equal(await daemon.stop(), 0);
    });
  }
}

function replays(core: FakeCore, task: string): number {
  return core.messages.filter(({ direction, raw }) => direction === "out" && raw.includes(task))
    .length;
}
