import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS } from "../support/aws_binary.ts";
import { seedEstate } from "../support/aws_estate.ts";
import { exportedGraph, plainGraph, storedGraph } from "../support/core_graph.ts";
import { collectAt, graphOf } from "../support/daemon_core.ts";
import { makeWorkerPlace } from "../support/daemon_binary.ts";
import { type CoreDialect, type FakeCore, startFakeCore } from "../support/fake_core.ts";
import { startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";

/** One server for all tests, which leave it as it is; it ends with this process. */
const moto = await startMoto();
const estate = await seedEstate(moto, { members: 1, regions: ["eu-west-1"], suspended: false });
const DIALECTS: readonly CoreDialect[] = ["ckcore", "fixcore"];

/** Times that go on without a change of the cloud. */
const TIMES = /"(atime|ctime|mtime|last_used_date|latest_restorable_time)":"[^"]*"/g;

function timeless(nodes: readonly string[]): readonly string[] {
  return nodes.map((node) => node.replaceAll(TIMES, '"$1":"…"'));
}

/** Revisions of nodes that do not tell a time of now. */
function revisionsOf(core: FakeCore, passing: RegExp): ReadonlyMap<string, string> {
  return new Map(
    [...core.graph().nodes].filter(([, { reported }]) => !passing.test(JSON.stringify(reported)))
      .map(([id, { revision }]) => [id, revision]),
  );
}

Deno.test("daemon: the graph of the example is the same at both generations and in the store", async () => {
  const graphs = [];
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const worker = place.start({ core });
    await worker.ready();
    await collectAt(core);
    const { nodes, edges } = plainGraph(graphOf(core));
    graphs.push({ nodes: timeless(nodes), edges });
    const { stdout } = await place.run(["export"]);
    if (dialect === "ckcore") assert.deepEqual(storedGraph(graphOf(core)), exportedGraph(stdout));
    // The first instance tells the time of the collection, and a later core that of the account's.
    const passing = dialect === "ckcore" ? /someInstance1/ : /someInstance1|example_account/;
    const before = revisionsOf(core, passing);
    await collectAt(core);
    assert.deepEqual(revisionsOf(core, passing), before);
    assert.equal((await worker.stop()).code, 0);
  }
  const [older, newer] = graphs;
  assert.equal(older?.nodes.length, 8);
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
      ...["--aws-scrape-org", "--aws-region", "eu-west-1", "--keep-sensitive"],
    ];
    const worker = place.start({ core, flags, env: AWS_KEYS });
    await worker.ready();
    const { task } = await collectAt(core);
    graphs.push(plainGraph(graphOf(core)));
    const { stdout } = await place.run(["export"]);
    const stored = exportedGraph(stdout);
    if (dialect === "ckcore") {
      const { nodes, edges } = storedGraph(graphOf(core));
      assert.deepEqual(nodes, stored.nodes);
      // Regions are given, so they are replaced apart, and edges between them stay here.
      const crossing = stored.edges.length - edges.length;
      assert.deepEqual(edges.filter((edge) => !stored.edges.includes(edge)), []);
      assert.match(worker.log, new RegExp(`left out edges=${crossing}\n`));
    } else {
      core.mergeDeferredEdges(task);
      assert.equal(graphOf(core).edges.length - rootEdges(core), stored.edges.length);
    }
    const passing = /"(atime|latest_restorable_time)"|"aws_account"/;
    const before = revisionsOf(core, passing);
    await collectAt(core);
    assert.deepEqual(revisionsOf(core, passing), before);
    assert.equal((await worker.stop()).code, 0);
  }
  const [older, newer] = graphs;
  assert.ok((older?.nodes.length ?? 0) > 150);
  assert.deepEqual(timeless(newer?.nodes ?? []), timeless(older?.nodes ?? []));
  assert.deepEqual(newer?.edges, older?.edges);
});

function rootEdges(core: FakeCore): number {
  return graphOf(core).edges.filter(({ from }) => from === "root").length;
}
