import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS } from "../support/aws_binary.ts";
import { childrenOf, isAlive } from "../support/processes.ts";
import { assertAnswered, assertGood, collectAt, graphOf, merges } from "../support/daemon_core.ts";
import { makeWorkerPlace, SUBSCRIBER } from "../support/daemon_binary.ts";
import { type CoreDialect, startFakeCore } from "../support/fake_core.ts";
import { type FaultRule, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";

/** One server for all tests, which leave it as it is; it ends with this process. */
const moto = await startMoto();
const HELD: FaultRule = { operation: "DescribeVolumes", effect: { type: "hold" } };

/** Flags of a worker that collects one account through a proxy. */
function awsFlags(endpoint: string): readonly string[] {
  return [
    ...["--collector", "aws", "--aws-endpoint-url", endpoint, "--aws-region", "eu-west-1"],
    ...["--aws-collect", "volumes", "keypairs"],
  ];
}

for (const dialect of ["ckcore", "fixcore"] satisfies readonly CoreDialect[]) {
  Deno.test(`daemon at ${dialect}: a signal lets an open upload finish, then it ends with 0`, async () => {
    await using core = await startFakeCore({
      dialect,
      faults: [{
        on: "request",
        match: { path: /\/merge$/ },
        effect: { type: "hold", after: 500 },
      }],
    });
    await using place = await makeWorkerPlace();
    const worker = place.start({ core });
    await worker.ready();
    const task = core.startWorkflow(["collect"]);
    await core.until(() => core.held > 0);
    worker.signal("SIGTERM");
    await worker.until(async () => (await worker.get("/ready")).status === 503, "not ready");
    assert.match((await worker.get("/ready")).text, /stops/);
    assert.equal((await worker.get("/health")).status, 200);
    // Nothing new is taken: it comes again to whoever subscribes next.
    const late = core.startWorkflow(["cleanup"]);
    assert.equal(worker.isOver, false);
    core.release();
    const { code, log } = await worker.ended;
    assert.equal(code, 0, log);
    const [step] = core.steps(task);
    assert.ok(step);
    assertAnswered(core, step);
    assert.deepEqual(core.steps(late)[0]?.answers, []);
    assert.equal(merges(core), 1);
    assert.equal([...graphOf(core).nodes].length, 9);
    const deletes = core.requests.filter(({ method }) => method === "DELETE").map(({ path }) =>
      path
    );
    const own = `/subscriber/${SUBSCRIBER[dialect]}`;
    assert.deepEqual(
      deletes.sort(),
      dialect === "ckcore" ? [`${own}/cleanup`, `${own}/collect`] : [],
    );
    assert.deepEqual(core.queue, { workers: 0, inFlight: 0 });
  });

  for (const fork of [[], ["--fork"]]) {
    Deno.test(
      `daemon at ${dialect}: a signal during a collection ends its guests ${fork}`.trim(),
      async () => {
        await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
        await using core = await startFakeCore({ dialect });
        await using place = await makeWorkerPlace();
        const flags = [...awsFlags(proxy.url), ...fork];
        const worker = place.start({ core, flags, env: AWS_KEYS });
        await worker.ready();
        await collectAt(core);
        const before = [...core.graph().nodes.keys()];
        proxy.setRules([HELD, ...MOTO_GAPS]);
        proxy.resetCounts();
        const task = core.startWorkflow(["collect"]);
        await worker.until(() => proxy.total({ operation: "DescribeVolumes" }) > 0, "volumes held");
        const children = childrenOf(worker.pid);
        assert.equal(children.length, fork.length);
        const { code, log } = await worker.stop();
        assert.equal(code, 0, log);
        assert.deepEqual(children.filter(isAlive), []);
        await core.until(() => core.steps(task)[0]?.outcome === "finished");
        const [answer] = core.steps(task)[0]?.answers ?? [];
        assert.match(answer?.error ?? "", /worker stops/);
        assert.deepEqual([...core.graph().nodes.keys()], before);
        assertGood(core);
      },
    );
  }
}

Deno.test("daemon: what does not end in time is ended after --shutdown-timeout", async () => {
  await using core = await startFakeCore({
    dialect: "ckcore",
    faults: [{ on: "request", match: { path: /\/merge$/ }, effect: { type: "hold" } }],
  });
  await using place = await makeWorkerPlace();
  const flags = ["--collector", "example", "--shutdown-timeout", "1"];
  const worker = place.start({ core, flags });
  await worker.ready();
  core.startWorkflow(["collect"]);
  await core.until(() => core.held > 0);
  const started = performance.now();
  const { code, log } = await worker.stop();
  assert.equal(code, 0, log);
  const seconds = (performance.now() - started) / 1_000;
  assert.ok(seconds >= 0.9 && seconds < 8, `${seconds} s`);
  // The graph is in the store, and goes up with the next start.
  core.setFaults([]);
  const next = place.start({ core });
  await next.said(/The core took the graph/);
  assert.ok(core.graph().nodes.size > 0);
  assert.equal((await next.stop()).code, 0);
});

Deno.test("daemon: a second signal ends it at once", async () => {
  await using core = await startFakeCore({
    dialect: "ckcore",
    faults: [{ on: "request", match: { path: /\/merge$/ }, effect: { type: "hold" } }],
  });
  await using place = await makeWorkerPlace();
  const worker = place.start({ core });
  await worker.ready();
  core.startWorkflow(["collect"]);
  await core.until(() => core.held > 0);
  worker.signal("SIGTERM");
  await worker.said(/once more ends it at once/);
  worker.signal("SIGTERM");
  assert.equal((await worker.ended).code, 143);
});

Deno.test("daemon: without a collect in time it ends with 1", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  await using place = await makeWorkerPlace();
  const worker = place.start({ core, flags: ["--collector", "example", "--idle-timeout", "1"] });
  const { code, log } = await worker.ended;
  assert.equal(code, 1, log);
  assert.equal(core.requests.filter(({ method }) => method === "DELETE").length, 2);
});
