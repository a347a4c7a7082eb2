import assert from "node:assert/strict";
import { startDaemonHere } from "../support/daemon_here.ts";
import { SUBSCRIBER } from "../support/daemon_binary.ts";
import { assertGood, collectAt, idsAt } from "../support/daemon_core.ts";
import { plainGraph } from "../support/core_graph.ts";
import { graphOf } from "../support/daemon_core.ts";
import {
  type CoreDialect,
  type FakeCore,
  type RequestEffect,
  startFakeCore,
} from "../support/fake_core.ts";
import { SmallSky } from "../support/small_sky.ts";

const BOTH: readonly CoreDialect[] = ["ckcore", "fixcore"];
const QUERY = /\/(query|search)\//;

async function connected(core: FakeCore): Promise<void> {
  await core.until(() => core.isConnected(SUBSCRIBER[core.dialect]));
}

/** A core that has what an earlier worker, whose store is lost, collected. */
async function coreWithGraph(dialect: CoreDialect): Promise<FakeCore> {
  const core = await startFakeCore({ dialect });
  await using daemon = startDaemonHere({ core, script: new SmallSky().script });
  await connected(core);
  await collectAt(core);
  await daemon.stop();
  await core.until(() => !core.isConnected(SUBSCRIBER[dialect]));
  return core;
}

for (const dialect of BOTH) {
  Deno.test(`daemon at ${dialect}: what could not be listed stays at the core as it was`, async () => {
    await using core = await startFakeCore({ dialect });
    const sky = new SmallSky();
    await using daemon = startDaemonHere({ core, script: sky.script });
    await connected(core);
    await collectAt(core);
    const before = plainGraph(graphOf(core));
    sky.denied = true;
    sky.disks = new Map([["d3", 1]]);
    await collectAt(core);
    assert.deepEqual(plainGraph(graphOf(core)), before);
    sky.denied = false;
    await collectAt(core);
    assert.deepEqual(idsAt(core, "sky_disk"), ["d3"]);
    assert.equal(await daemon.stop(), 0);
  });

  Deno.test(`daemon at ${dialect}: a new store reads what the core has of a part that is denied`, async () => {
    await using core = await coreWithGraph(dialect);
    const before = plainGraph(graphOf(core));
    const sky = new SmallSky();
    sky.denied = true;
    await using daemon = startDaemonHere({ core, script: sky.script });
    await connected(core);
    const asked = core.requests.filter(({ path }) => QUERY.test(path)).length;
    await collectAt(core);
    assert.deepEqual(plainGraph(graphOf(core)), before);
    const reads = () => core.requests.filter(({ path }) => QUERY.test(path)).length - asked;
    assert.equal(reads(), 1);
    await collectAt(core);
    assert.deepEqual(plainGraph(graphOf(core)), before);
    // Again in each such run: another worker may have told the core more.
    assert.equal(reads(), 2);
    sky.denied = false;
    sky.disks.delete("d1");
    await collectAt(core);
    assert.equal(reads(), 2);
    assert.deepEqual(idsAt(core, "sky_disk"), ["d2"]);
    assert.equal(await daemon.stop(), 0);
  });
}

const EFFECTS: Readonly<Record<string, RequestEffect>> = {
  "answers 400": { type: "answer", status: 400, body: "Error: X\nMessage: no" },
  "answers 500": { type: "answer", status: 500 },
  "answers 503": { type: "answer", status: 503 },
  "answers nonsense": { type: "answer", status: 200, body: "<html>" },
  "is cut": { type: "cut" },
  "breaks off": { type: "truncate", bytes: 40 },
  "breaks off later": { type: "truncate", bytes: 900 },
};

for (const dialect of BOTH) {
  Deno.test(`daemon at ${dialect}: nothing goes when the core cannot be read`, async (t) => {
    for (const [what, effect] of Object.entries(EFFECTS)) {
      await t.step(`because the query ${what}`, async () => {
        await using core = await coreWithGraph(dialect);
        const before = plainGraph(graphOf(core));
        core.setFaults([{ on: "request", match: { path: QUERY }, effect }]);
        const sky = new SmallSky();
        sky.denied = true;
        await using daemon = startDaemonHere({ core, script: sky.script });
        await connected(core);
        const { answers, told } = await core.runStep("collect");
        assert.equal(answers.length, 1);
        // With the region unknown there is nothing that could be replaced.
        assert.match(answers[0]?.error ?? "", /^Failed to collect: .*sky/);
        if (dialect === "fixcore") assert.match(JSON.stringify(told), /denied: sky:ListDisks/);
        assert.deepEqual(plainGraph(graphOf(core)), before);
        core.setFaults([]);
        await collectAt(core);
        assert.deepEqual(plainGraph(graphOf(core)), before);
        sky.denied = false;
        sky.disks.delete("d1");
        await collectAt(core);
        assert.deepEqual(idsAt(core, "sky_disk"), ["d2"]);
        assertGood(core);
        assert.equal(await daemon.stop(), 0);
      });
    }
  });
}
