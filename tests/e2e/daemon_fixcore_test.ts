import assert from "node:assert/strict";
import { join } from "node:path";
import { assertGood, collectAt, idsAt } from "../support/daemon_core.ts";
import { makeWorkerPlace, SUBSCRIBER } from "../support/daemon_binary.ts";
import { type FakeCore, startFakeCore } from "../support/fake_core.ts";

const KEY = "k3y-of-the-core";
const SECOND_KEY = "k3y-of-another";

/** Ids of example nodes in a graph of any name. */
function idsIn(core: FakeCore, graph: string): readonly unknown[] {
  return [...core.graph(graph).nodes.values()].map(({ reported }) => reported["id"]);
}

Deno.test("daemon: over TLS it trusts what the key proves, or the file that is given, or all", async (t) => {
  await using core = await startFakeCore({ dialect: "fixcore", tls: true, psk: KEY });
  await using place = await makeWorkerPlace();
  const authority = join(place.folder, "authority.pem");
  await Deno.writeTextFile(authority, await core.authority());
  const example = ["--collector", "example"];
  const ways = {
    "the key proves the authority": [],
    "--ca-cert": ["--ca-cert", authority],
    "--no-verify-certs": ["--no-verify-certs"],
  };
  for (const [way, flags] of Object.entries(ways)) {
    await t.step(way, async () => {
      const fetched = () => core.requests.filter(({ path }) => path === "/ca/cert").length;
      const before = fetched();
      const worker = place.start({
        core,
        flags: [...example, ...flags],
        env: { FIXWORKER_PSK: KEY },
      });
      await worker.ready();
      await collectAt(core);
      assert.equal(fetched() > before, flags.length === 0);
      assert.equal(worker.log.includes(KEY), false);
      const { code, log } = await worker.stop();
      assert.equal(code, 0, log);
      await core.until(() => !core.isConnected(SUBSCRIBER.fixcore));
    });
  }
  await t.step("another key proves nothing", async () => {
    const asked = core.requests.filter(({ path }) => path !== "/ca/cert").length;
    const worker = place.start({ core, flags: example, env: { FIXWORKER_PSK: SECOND_KEY } });
    await worker.said(/--psk/);
    assert.equal(worker.log.includes(SECOND_KEY), false);
    assert.equal(core.requests.filter(({ path }) => path !== "/ca/cert").length, asked);
    assert.equal((await worker.stop()).code, 0);
  });
});

Deno.test("daemon: variables of the later generation name core, id and key", async () => {
  await using core = await startFakeCore({ dialect: "fixcore", psk: KEY, prefix: "/fix" });
  await using place = await makeWorkerPlace();
  const env = {
    FIXWORKER_FIXCORE_URI: core.url,
    FIXWORKER_PSK: KEY,
    FIXWORKER_SUBSCRIBER_ID: "my.worker",
    FIXWORKER_OVERRIDE: "fixworker.collector=example fixworker.timeout=77",
  };
  const worker = place.start({ core: undefined, flags: [], env });
  await worker.ready();
  const [subscriber] = core.subscriptions();
  assert.equal(subscriber?.["id"], "my.worker-collector");
  assert.match(JSON.stringify(subscriber), /"timeout":77\b/);
  const { answers } = await core.runStep("collect");
  assert.deepEqual(answers, [{ subscriber: "my.worker-collector", kind: "action_done" }]);
  assertGood(core);
  assert.equal((await worker.stop()).code, 0);
});

Deno.test("daemon: the document of the core counts, what is given here goes before it, a change is heard", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  core.setConfig("fix.worker", {
    fixworker: {
      ...{ collector: ["random"], graph: "elsewhere", timeout: 99, unheard: 1, no_tls: true },
      graph_merge_kind: "account",
    },
    aws: { role: "from-document", profiles: null, nonsense: true },
    azure: { account: {} },
  });
  await using place = await makeWorkerPlace();
  const worker = place.start({
    core,
    flags: ["--override", "fixworker.collector=example", "fixworker.timeout=88"],
  });
  await worker.ready();
  assert.match(JSON.stringify(core.subscriptions()), /"timeout":88\b/);
  const unknown = /mean nothing to this worker keys="?(.*)/.exec(worker.log)?.[1] ?? "";
  for (const key of ["fixworker.unheard", "aws.nonsense", "azure"]) {
    assert.ok(unknown.includes(key), `${key} in ${unknown}`);
  }
  assert.doesNotMatch(unknown, /no_tls|role/);
  await collectAt(core);
  assert.ok(idsIn(core, "elsewhere").includes("someInstance1"));
  assert.deepEqual(idsIn(core, "fix"), []);
  assert.equal((await worker.stop()).code, 0);
});

Deno.test("daemon: settings that change at the core hold from the next action on", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  core.setConfig("fix.worker", { fixworker: { collector: ["aws"] } });
  await using place = await makeWorkerPlace();
  const env = { AWS_EC2_METADATA_DISABLED: "true" };
  const worker = place.start({ core, flags: [], env });
  await worker.ready();
  const { answers } = await core.runStep("collect");
  assert.deepEqual(answers.map(({ kind }) => kind), ["action_error"]);

  const read = () => worker.log.match(/Settings of the core are read/g)?.length ?? 0;
  core.setConfig("another.worker", { fixworker: { collector: [] } });
  core.setConfig("fix.worker", { fixworker: { collector: ["example"] } });
  await worker.until(() => read() === 2, "read again");
  await collectAt(core);
  assert.deepEqual(idsAt(core, "example_instance"), ["someInstance1", "someInstance2"]);

  core.setConfig("fix.worker", { fixworker: { collector: ["example"], pool_size: "many" } });
  await worker.said(/changed settings are not used: .*pool_size/);
  await collectAt(core);
  const { code, log } = await worker.stop();
  assert.equal(code, 0, log);
});

Deno.test("daemon: settings of the core that cannot be used end the start with 2", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  core.setConfig("fix.worker", { fixworker: { pool_size: "many" } });
  await using place = await makeWorkerPlace();
  const { code, log } = await place.start({ core, flags: ["--collector", "example"] }).ended;
  assert.equal(code, 2, log);
  assert.match(log, /fix\.worker.*pool_size/);
});

Deno.test("daemon: tells the core how far it is and what went wrong", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  await using place = await makeWorkerPlace();
  const flags = ["--collector", "example", "aws"];
  const worker = place.start({ core, flags, env: { AWS_EC2_METADATA_DISABLED: "true" } });
  await worker.ready();
  const { answers, told } = await core.runStep("collect");
  assert.deepEqual(answers.map(({ kind }) => kind), ["action_done"], answers[0]?.error);
  const progress = told.filter(({ kind }) => kind === "action_progress");
  assert.match(JSON.stringify(progress), /"name":"Example Account","path":\["example"\]/);
  const infos = told.filter(({ kind }) => kind === "action_info");
  assert.match(JSON.stringify(infos), /"level":"error","message":"\[aws\]/);
  assertGood(core);
  assert.equal((await worker.stop()).code, 0);
});
