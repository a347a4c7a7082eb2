import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS } from "../support/aws_binary.ts";
import { assertGood, collectAt } from "../support/daemon_core.ts";
import { makeWorkerPlace } from "../support/daemon_binary.ts";
import { type CoreDialect, type FakeCore, startFakeCore } from "../support/fake_core.ts";
import { startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";
import { callMoto } from "../support/moto_call.ts";

/** One server for all tests; it ends with this process. */
const moto = await startMoto();
const REGION = "eu-west-1";
const EC2 = { Version: "2016-11-15" };

/** Makes instances and gives their ids. */
async function runInstances(count: number): Promise<readonly string[]> {
  const answer = await callMoto(moto, "ec2", REGION, {
    ...EC2,
    Action: "RunInstances",
    ImageId: "ami-12345678",
    MinCount: String(count),
    MaxCount: String(count),
  });
  return [...answer.matchAll(/<instanceId>([^<]+)</g)].map(([, id = ""]) => id);
}

/** Tags that moto has of an instance. */
async function tagsOf(instance: string): Promise<Record<string, string>> {
  const answer = await callMoto(moto, "ec2", REGION, {
    ...EC2,
    Action: "DescribeTags",
    "Filter.1.Name": "resource-id",
    "Filter.1.Value.1": instance,
  });
  const pairs = answer.matchAll(/<key>([^<]*)<\/key>[\s\S]*?<value>([^<]*)<\/value>/g);
  return Object.fromEntries([...pairs].map(([, key = "", value = ""]) => [key, value]));
}

function nodeOf(core: FakeCore, id: string): string {
  const found = [...core.graph().nodes.values()].find(({ reported }) => reported["id"] === id);
  if (found === undefined) throw new Error(`the core has no ${id}`);
  return found.id;
}

function flagsFor(endpoint: string): readonly string[] {
  return [
    ...["--collector", "aws", "--aws-endpoint-url", endpoint, "--aws-region", REGION],
    ...["--aws-collect", "instances", "keypairs"],
  ];
}

for (const dialect of ["ckcore", "fixcore"] satisfies readonly CoreDialect[]) {
  Deno.test(`daemon at ${dialect}: a tag is set and removed in the cloud and at the core`, async () => {
    const [instance = ""] = await runInstances(1);
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const worker = place.start({ core, flags: flagsFor(proxy.url), env: AWS_KEYS });
    await worker.ready();
    await collectAt(core);
    const node = nodeOf(core, instance);
    const tags = () => core.graph().nodes.get(node)?.reported["tags"];

    const [set] = await core.tag([node], { update: { owner: "ada" } });
    assert.equal(set?.result, "done", set?.error);
    assert.deepEqual(await tagsOf(instance), { owner: "ada" });
    assert.deepEqual(tags(), { owner: "ada" });
    await collectAt(core);
    assert.deepEqual(tags(), { owner: "ada" });

    const [removed] = await core.tag([node], { delete: ["owner"] });
    assert.equal(removed?.result, "done", removed?.error);
    assert.deepEqual(await tagsOf(instance), {});
    // The older core merges the result, and knows better with the next collection.
    await collectAt(core);
    assert.deepEqual(tags(), {});

    const [region] = await core.tag([nodeOf(core, REGION)], { update: { owner: "ada" } });
    assert.equal(region?.result, "error");
    assert.match(region?.error ?? "", /aws_region/);
    assertGood(core);
    assert.equal((await worker.stop()).code, 0);
  });
}

for (const closesAfterMessage of [true, "abrupt"] as const) {
  Deno.test(`daemon: of 200 tags at a core that ends each socket (${closesAfterMessage}) none is lost, none set twice`, async () => {
    const instances = await runInstances(200);
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using core = await startFakeCore({ dialect: "ckcore", closesAfterMessage });
    await using place = await makeWorkerPlace();
    const worker = place.start({ core, flags: flagsFor(proxy.url), env: AWS_KEYS });
    await worker.ready();
    await collectAt(core);
    const nodes = instances.map((id) => nodeOf(core, id));
    const outcomes = await core.tag(nodes, { update: { lot: "42" } });
    const failed = outcomes.filter(({ result }) => result !== "done");
    assert.deepEqual(failed.map(({ error }) => error), []);
    assert.equal(outcomes.length, 200);
    assert.equal(proxy.total({ operation: "CreateTags" }), 200);
    const listed = await callMoto(moto, "ec2", REGION, {
      ...EC2,
      Action: "DescribeTags",
      "Filter.1.Name": "key",
      "Filter.1.Value.1": "lot",
    });
    const tagged = [...listed.matchAll(/<resourceId>([^<]+)</g)].map(([, id = ""]) => id);
    assert.deepEqual(instances.filter((id) => !tagged.includes(id)), []);
    assertGood(core);
    assert.deepEqual(core.queue.inFlight, 0);
    assert.equal((await worker.stop()).code, 0);
  });
}
