/** One estate, cleaned up by a worker that works alone and by one that a core drives. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS } from "../support/aws_binary.ts";
import {
  type CleanEstate,
  emptyMoto,
  ESTATE_ACCOUNT,
  ESTATE_REGION,
  leftOf,
  makeCleanEstate,
} from "../support/clean_estate.ts";
import { makeWorkerPlace, type WorkerPlace } from "../support/daemon_binary.ts";
import { assertGood, collectAt } from "../support/daemon_core.ts";
import { type CoreDialect, type FakeCore, startFakeCore } from "../support/fake_core.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";

/** One server for all tests; it ends with this process. */
const moto = await startMoto();
const STEPS = [
  ...["collect", "post_collect", "pre_cleanup_plan"],
  ...["cleanup_plan", "post_cleanup_plan", "cleanup"],
] as const;
/** What stays: what is used, tagged, a snowflake, or needed by one. */
const LEFT = [
  ...["busy vpc", "busy subnet", "busy gateway", "busy group"],
  ...["guarded vpc", "guarded group", "living id", "living root", "tagged", "snowflake"],
];
/** What is asked of the cloud for it, once: the balancer, each gateway and subnet, … */
const CHANGES = [
  ...["2 DeleteInternetGateway", "1 DeleteLoadBalancer", "1 DeleteSecurityGroup"],
  ...["2 DeleteSubnet", "1 DeleteVolume", "1 DeleteVpc", "2 DetachInternetGateway"],
  "1 TerminateInstances",
];
/** Why the network stays in which a security group is a snowflake. */
const REFUSAL = /aws_ec2_security_group (sg-\w+) \(own\) needs it and is protected/;
/** Beginnings of operations that change nothing. */
const READS = /^(Describe|Get|List|Lookup)/;

/** Writes the plugins' files. @returns flags of both ways */
async function flagsFor(
  { url }: FaultProxy,
  { folder }: WorkerPlace,
  { guarded, snowflake }: CleanEstate,
): Promise<readonly string[]> {
  const [untagged, kept] = [join(folder, "untagged.yaml"), join(folder, "snowflakes.yaml")];
  await Deno.writeTextFile(
    untagged,
    `default: {age: 0m}
tags: [owner]
kinds: [aws_ec2_volume]
accounts: {aws: {"${ESTATE_ACCOUNT}": {name: estate}}}
`,
  );
  await Deno.writeTextFile(
    kept,
    `aws:
  "${ESTATE_ACCOUNT}":
    ${ESTATE_REGION}:
      aws_ec2_volume: [${snowflake}]
      aws_ec2_security_group: [${guarded.group}]
`,
  );
  return [
    ...["--collector", "aws", "--aws-endpoint-url", url, "--aws-region", ESTATE_REGION],
    // moto keeps the default ACL of a network that is gone, and its end would be waited for.
    ...["--aws-collect", "instances", "volumes", "elbs", "vpcs", "subnets"],
    ...["internet_gateways", "security_groups", "route_tables", "keypairs"],
    ...["--cleanup", "--cleanup-expired", "--cleanup-untagged-config", untagged],
    ...["--protect-snowflakes-config", kept, "--cleanup-aws-vpcs"],
    ...["--cleanup-aws-loadbalancers", "--cleanup-aws-loadbalancers-age", "0m"],
  ];
}

/** Calls that changed something since this was asked the last time, by operation. */
function changesAt(proxy: FaultProxy): readonly string[] {
  const all = proxy.calls().filter(({ operation }) => !READS.test(operation))
    .map(({ operation, count }) => [operation, count] as const)
    .sort(([a], [b]) => a < b ? -1 : 1);
  proxy.resetCounts();
  return all.map(([operation, count]) => `${count} ${operation}`);
}

/** Does all steps on the store, and expects that it is told what stays though it is marked. */
async function workAlone(place: WorkerPlace, flags: readonly string[], estate: CleanEstate) {
  const { code, stdout, stderr } = await place.run(["--once", ...flags], AWS_KEYS);
  assert.equal(code, 4, stdout + stderr);
  assert.equal(REFUSAL.exec(stdout)?.[1], estate.guarded.group, stdout);
}

/** Marks VPCs as people do at a core. */
async function markAt(core: FakeCore, ids: readonly string[]): Promise<void> {
  const nodes = [...core.graph().nodes.values()].filter(({ reported }) =>
    ids.includes(String(reported["id"])) && reported["kind"] === "aws_vpc"
  );
  assert.equal(nodes.length, ids.length);
  const lines = nodes.map(({ id }) => JSON.stringify({ id, desired: { clean: true } }));
  const graph = core.dialect === "ckcore" ? "ck" : "fix";
  const answer = await fetch(`${core.url}/graph/${graph}/nodes`, {
    method: "PATCH",
    headers: { "content-type": "application/x-ndjson" },
    body: lines.join("\n"),
  });
  await answer.body?.cancel();
  assert.equal(answer.status, 200);
}

/** Drives all steps, and expects that the core is told what stays though it is marked. */
async function drive(core: FakeCore, { guarded }: CleanEstate): Promise<void> {
  const steps = await core.runWorkflow(STEPS);
  const wrong = steps.filter(({ outcome, answers }) =>
    outcome !== "finished" || answers.some(({ kind }) => kind !== "action_done")
  );
  assert.deepEqual(wrong, []);
  assert.deepEqual(steps.map(({ answers }) => answers.length), [1, 1, 0, 3, 1, 1]);
  assertGood(core);
  const told = core.dialect === "ckcore" ? eventsOf(core, guarded.vpc) : steps.at(-1)?.told;
  assert.equal(REFUSAL.exec(JSON.stringify(told))?.[1], guarded.group, JSON.stringify(told));
}

/** Event log at the core of a resource. */
function eventsOf(core: FakeCore, id: string): unknown {
  const nodes = [...core.graph().nodes.values()];
  return nodes.find(({ reported }) => reported["id"] === id)?.metadata?.["event_log"];
}

Deno.test("AWS clean-up alone: rules and hands mark, the rest stays, the second run does nothing", async () => {
  await emptyMoto(moto);
  const estate = await makeCleanEstate(moto);
  assert.equal((await leftOf(moto, estate)).length, 20);
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using place = await makeWorkerPlace();
  const flags = await flagsFor(proxy, place, estate);
  const collected = await place.run(["--once", "--steps", "collect", ...flags], AWS_KEYS);
  assert.equal(collected.code, 0, collected.stdout + collected.stderr);
  for (const { vpc } of [estate.loose, estate.busy, estate.guarded]) {
    const marked = await place.run(["clean", "mark", vpc]);
    assert.equal(marked.code, 0, marked.stderr);
  }
  assert.deepEqual(changesAt(proxy), []);
  for (const changes of [CHANGES, []]) {
    await workAlone(place, flags, estate);
    assert.deepEqual(changesAt(proxy), changes);
    assert.deepEqual(await leftOf(moto, estate), LEFT);
  }
});

for (const dialect of ["ckcore", "fixcore"] satisfies readonly CoreDialect[]) {
  Deno.test(`AWS clean-up at ${dialect}: the workflow leaves what a worker alone leaves, and so does a second`, async () => {
    await emptyMoto(moto);
    const estate = await makeCleanEstate(moto);
    assert.equal((await leftOf(moto, estate)).length, 20);
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const flags = await flagsFor(proxy, place, estate);
    const worker = place.start({ core, flags, env: AWS_KEYS });
    await worker.ready();
    await collectAt(core);
    await markAt(core, [estate.loose.vpc, estate.busy.vpc, estate.guarded.vpc]);
    assert.deepEqual(changesAt(proxy), []);
    for (const changes of [CHANGES, []]) {
      await drive(core, estate);
      assert.deepEqual(changesAt(proxy), changes);
      assert.deepEqual(await leftOf(moto, estate), LEFT);
    }
    assert.equal((await worker.stop()).code, 0);
  });
}
