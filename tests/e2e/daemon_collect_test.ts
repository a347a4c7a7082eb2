import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS } from "../support/aws_binary.ts";
import { seedEstate } from "../support/aws_estate.ts";
import { exportedGraph, plainGraph, storedGraph } from "../support/core_graph.ts";
import { makeWorkerPlace, SUBSCRIBER } from "../support/daemon_binary.ts";
import { type CoreDialect, type FakeCore, startFakeCore } from "../support/fake_core.ts";
import { startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";

/** One server for all tests, which leave it as it is; it ends with this process. */
const moto = await startMoto();
const estate = await seedEstate(moto, { members: 1, regions: ["eu-west-1"], suspended: false });
const DIALECTS: readonly CoreDialect[] = ["ckcore", "fixcore"];

/** What a core has. */
function graphOf(core: FakeCore) {
  const { nodes, edges } = core.graph();
  return { nodes: nodes.values(), edges };
}

function revisionsOf(core: FakeCore): ReadonlyMap<string, string> {
  return new Map([...core.graph().nodes].map(([id, { revision }]) => [id, revision]));
}

/** Runs `collect` and expects that it is done, as a core likes it. */
async function collect(core: FakeCore): Promise<void> {
  const step = await core.runStep("collect");
  const subscriber = SUBSCRIBER[core.dialect];
  assert.deepEqual(step.answers, [{ subscriber, kind: "action_done" }]);
  assert.deepEqual([core.violations, core.importErrors, core.unreadQueries], [[], [], []]);
}

Deno.test("daemon: the graph of the example is the same at both generations and in the store", async () => {
  const graphs = [];
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const worker = place.start({ core });
    await worker.ready();
    await collect(core);
    const { nodes, edges } = plainGraph(graphOf(core));
    // This one tells the time of the collection.
    graphs.push({ nodes: nodes.filter((node) => !node.includes("someInstance1")), edges });
    const { stdout } = await place.run(["export"]);
    if (dialect === "ckcore") assert.deepEqual(storedGraph(graphOf(core)), exportedGraph(stdout));
    const before = revisionsOf(core);
    await collect(core);
    const moved = [...core.graph().nodes.values()]
      .filter(({ id, revision }) => before.get(id) !== revision);
    assert.deepEqual(moved.map(({ reported }) => reported["id"]), ["someInstance1"]);
    assert.equal((await worker.stop()).code, 0);
  }
  const [older, newer] = graphs;
  assert.equal(older?.nodes.length, 7);
  assert.deepEqual(newer, older);
});

Deno.test("daemon: the graph of an organisation is the same at both generations and in the store", async () => {
  const graphs = [];
  for (const dialect of DIALECTS) {
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const flags = [
      ...["--collector", "aws", "--aws-endpoint-url", proxy.url, "--aws-role", estate.role],
      ...["--aws-scrape-org", "--aws-region", "eu-west-1"],
    ];
    const worker = place.start({ core, flags, env: AWS_KEYS });
    await worker.ready();
    await collect(core);
    const { stdout } = await place.run(["export"]);
    if (dialect === "ckcore") assert.deepEqual(storedGraph(graphOf(core)), exportedGraph(stdout));
    graphs.push(plainGraph(graphOf(core)));
    const before = revisionsOf(core);
    await collect(core);
    assert.deepEqual(revisionsOf(core), before);
    assert.equal((await worker.stop()).code, 0);
  }
  const [older, newer] = graphs;
  assert.ok((older?.nodes.length ?? 0) > 100);
  assert.deepEqual(newer, older);
});
