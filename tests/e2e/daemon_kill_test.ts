import assert from "node:assert/strict";
import { plainGraph } from "../support/core_graph.ts";
import { makeWorkerPlace, SUBSCRIBER, type Worker } from "../support/daemon_binary.ts";
import type { CoreDialect, RequestEffect } from "../support/fake_core.ts";
import { type FakeCoreProcess, startFakeCoreProcess } from "../support/fake_core_process.ts";

/** The whole example with its cloud. */
const NODES = 8;
/** Bytes of a merge of which it is sure that they are not the last. */
const OFFSETS = [1, 500, 1_500];

/** Where the core dies within a merge. */
const POINTS: Readonly<Record<string, RequestEffect>> = {
  "before the first byte": { type: "hold" },
  ...Object.fromEntries(
    OFFSETS.map((
      after,
    ): [string, RequestEffect] => [`after ${after} bytes`, { type: "hold", after }]),
  ),
  "before the answer": { type: "silence" },
};
const MERGE = { ckcore: "/graph/ck/merge", fixcore: "/graph/fix/merge" } as const;

/** A core that lets a merge come as far as this. */
function mortalCore(dialect: CoreDialect, effect: RequestEffect): Promise<FakeCoreProcess> {
  const match = { path: MERGE[dialect] };
  return startFakeCoreProcess({ dialect, faults: [{ on: "request", match, effect }] });
}

async function killWithinMerge(core: FakeCoreProcess, effect: RequestEffect): Promise<void> {
  await core.until(({ held, requests }) =>
    effect.type === "hold"
      ? held > 0
      : requests.some(({ path, bytes }) => path === MERGE[core.dialect] && bytes > 1_500)
  );
  await core.kill();
}

async function ready(core: FakeCoreProcess, worker: Worker): Promise<void> {
  await worker.ready();
  await core.until(({ connected }) => connected.includes(SUBSCRIBER[core.dialect]));
}

/** The graph arrived whole, in one go, and nothing in its way was wrong. */
async function assertWhole(core: FakeCoreProcess): Promise<void> {
  const view = await core.until(({ nodes }) => nodes.length > 1);
  const { nodes, edges } = plainGraph(view);
  assert.equal(nodes.length, NODES);
  assert.equal(edges.length, NODES - 1);
  assert.deepEqual([view.violations, view.importErrors], [[], []]);
}

async function answered(core: FakeCoreProcess, worker: Worker, task: string): Promise<void> {
  await worker.until(
    async () => (await core.steps(task))[0]?.outcome === "finished",
    "the collect is answered",
  );
  const [step] = await core.steps(task);
  assert.deepEqual(step?.answers, [{ subscriber: SUBSCRIBER[core.dialect], kind: "action_done" }]);
}

for (const dialect of ["ckcore", "fixcore"] satisfies readonly CoreDialect[]) {
  for (const [point, effect] of Object.entries(POINTS)) {
    Deno.test(`daemon at ${dialect}: a core that is killed ${point} of a merge gets the graph when it is back`, async () => {
      await using core = await mortalCore(dialect, effect);
      await using place = await makeWorkerPlace();
      const worker = place.start({ core });
      await ready(core, worker);
      const task = await core.startWorkflow(["collect"]);
      await killWithinMerge(core, effect);
      await worker.said(/The graph waits for the core/);
      await core.start();
      await answered(core, worker, task);
      await assertWhole(core);
      // It was collected once: what was in the store went up.
      const runs = (await place.run(["runs", "--output", "json"])).stdout;
      assert.equal(JSON.parse(runs).length, 1, runs);
      assert.equal((await worker.stop()).code, 0);
    });
  }

  Deno.test(`daemon at ${dialect}: core and worker are killed within a merge, and the graph goes up at the start`, async () => {
    const effect: RequestEffect = { type: "hold", after: 500 };
    await using core = await mortalCore(dialect, effect);
    await using place = await makeWorkerPlace();
    const first = place.start({ core });
    await ready(core, first);
    await core.startWorkflow(["collect"]);
    await killWithinMerge(core, effect);
    await first.kill();
    const second = place.start({ core });
    await second.said(/The core cannot be reached/);
    await core.start();
    await second.said(/A graph of an earlier run is handed over/);
    await assertWhole(core);
    assert.equal((await second.stop()).code, 0);
  });
}
