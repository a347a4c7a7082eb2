import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { faultsOf, makeAwsStore } from "../support/aws_collect.ts";
import { seedEstate } from "../support/aws_estate.ts";
import {
  type CallTotals,
  readAws,
  readCallTotals,
  readReported,
  type StoredAws,
} from "../support/aws_store.ts";
import { type FaultRule, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";
import type { RunSummary } from "../../lib/collect/mod.ts";

/** One server for all tests, which leave it as it is; it ends with this process. */
const moto = await startMoto();
const estate = await seedEstate(moto, { members: 1, regions: ["eu-west-1"], suspended: false });
const MEMBER = estate.accounts[1]?.id ?? "";
const OPTIONS = { role: estate.role, account: [MEMBER], region: ["eu-west-1"] };

/** A run with faults between two without. */
interface Faulted {
  readonly summary: RunSummary;
  /** `outcome call code` of the account's faults. */
  readonly faults: readonly string[];
  /** Scopes that were not complete, with their outcomes. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly before: StoredAws;
  readonly after: StoredAws;
  /** What the calls of the run with faults cost. */
  readonly calls: CallTotals;
  /** How often it made one. */
  readonly total: (operation: string) => number;
}

/**
 * Collects, collects with faults and collects again. The cloud does not change, so whatever the
 * faults are: no node and no edge may go, and at the end nothing may be stale.
 */
async function collectWithFaults(
  rules: readonly FaultRule[],
  options: Readonly<Record<string, unknown>> = OPTIONS,
): Promise<Faulted> {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using store = await makeAwsStore(proxy.url);
  const first = await store.collect(options);
  assert.equal(first.exitCode, 0, JSON.stringify([first.collectors, first.accounts]));
  const before = readAws(store.path);
  proxy.setRules([...rules, ...MOTO_GAPS]);
  proxy.resetCounts();
  const summary = await store.collect(options);
  const after = readAws(store.path);
  assert.deepEqual(missing(before.nodes, after.nodes), [], "nodes are gone");
  assert.deepEqual(missing(before.edges, after.edges), [], "edges are gone");
  const counts = proxy.calls();
  const calls = readCallTotals(store.path);
  proxy.setRules(MOTO_GAPS);
  assert.equal((await store.collect(options)).exitCode, 0);
  const last = readAws(store.path);
  assert.deepEqual([last.nodes, last.edges, last.stale], [before.nodes, before.edges, []]);
  return {
    summary,
    faults: faultsOf(summary, MEMBER),
    outcomes: Object.fromEntries(
      Object.entries(after.outcomes).filter(([, outcome]) => outcome !== "complete"),
    ),
    before,
    after,
    calls,
    total: (operation) =>
      counts.filter((each) => each.operation === operation)
        .reduce((sum, { count }) => sum + count, 0),
  };
}

function missing(before: readonly string[], after: readonly string[]): readonly string[] {
  const there = new Set(after);
  return before.filter((each) => !there.has(each));
}

Deno.test("AWS: a storm of throttles costs time and nothing else", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using clean = await makeAwsStore(proxy.url);
  await clean.collect(OPTIONS);
  proxy.setRules([
    { account: MEMBER, every: 3, first: 300, effect: { type: "throttle" } },
    ...MOTO_GAPS,
  ]);
  await using store = await makeAwsStore(proxy.url);
  const summary = await store.collect(OPTIONS);
  const stored = readAws(store.path);
  assert.deepEqual(stored.nodes, readAws(clean.path).nodes);
  assert.deepEqual([...new Set(Object.values(stored.outcomes))], ["complete"]);
  assert.equal(summary.exitCode, 0);
  const { throttles, retries, waited } = readCallTotals(store.path);
  assert.equal(throttles, proxy.faults());
  assert.ok(retries >= throttles, `${retries} retries`);
  assert.ok(throttles > 10 && waited > 0, `${throttles} throttles, ${waited} ms`);
});

Deno.test("AWS: errors of the service, resets, half answers and hangs that pass cost nothing", async () => {
  const { summary, outcomes, after, calls } = await collectWithFaults([
    { operation: "DescribeSubnets", first: 2, effect: { type: "unavailable" } },
    {
      service: "iam",
      operation: "ListUsers",
      first: 2,
      effect: { type: "unavailable", status: 500 },
    },
    { operation: "DescribeVpcs", first: 2, effect: { type: "reset" } },
    { operation: "DescribeInstances", first: 2, effect: { type: "truncate" } },
    { operation: "DescribeStacks", first: 1, effect: { type: "hang" } },
  ]);
  assert.deepEqual([summary.exitCode, outcomes, after.stale], [0, {}, []]);
  // More on a machine so slow that a good answer comes too late.
  assert.ok(calls.retries >= 9, `${calls.retries} retries`);
});

Deno.test("AWS: what never gets an answer costs its own scope, whose data is kept", async () => {
  const { summary, faults, outcomes, after } = await collectWithFaults([
    { operation: "DescribeVolumes", effect: { type: "throttle" } },
    { operation: "DescribeSnapshots", effect: { type: "truncate" } },
    { operation: "DescribeDBInstances", effect: { type: "unavailable" } },
    { operation: "DescribeStacks", effect: { type: "hang" } },
    { operation: "ListBuckets", effect: { type: "reset" } },
  ]);
  assert.equal(summary.exitCode, 3);
  const at = (region: string, kind: string) => `${MEMBER}/${region}/${kind}`;
  assert.deepEqual(outcomes, {
    [at("eu-west-1", "aws_ec2_volume")]: "throttled_out",
    [at("eu-west-1", "aws_ec2_snapshot")]: "failed",
    [at("eu-west-1", "aws_rds_instance")]: "failed",
    [at("eu-west-1", "aws_cloudformation_stack")]: "failed",
    [at("global", "aws_s3_bucket")]: "failed",
  });
  assert.deepEqual(
    new Set(after.stale.map((node) => node.split(" ")[2])),
    new Set([
      "aws_ec2_volume",
      "aws_ec2_volume_type",
      "aws_ec2_snapshot",
      "aws_rds_instance",
      "aws_cloudformation_stack",
      "aws_s3_bucket",
      "aws_s3_bucket_quota",
    ]),
  );
  const stack = faults.find((fault) => fault.includes("DescribeStacks"));
  assert.equal(stack, "failed cloudformation:DescribeStacks TimeoutError");
});

// EC2 says that the request has expired, where others name the token.
for (const service of ["ec2", "iam", "s3", "eks"]) {
  Deno.test(`AWS: credentials that expire in the middle are replaced once, as ${service} tells it`, async () => {
    const { summary, outcomes, total } = await collectWithFaults([
      { service, account: MEMBER, issue: 1, effect: { type: "expired" } },
    ], { ...OPTIONS, collect: ["keypairs", "vpcs", "iam_users", "s3_buckets", "eks_clusters"] });
    assert.deepEqual([summary.exitCode, outcomes], [0, {}]);
    assert.equal(total("AssumeRole"), 2);
  });
}

Deno.test("AWS: denied calls cost their scope or their values, each with its cure", async () => {
  const { summary, faults, outcomes, before, after } = await collectWithFaults([
    { operation: "DescribeKeyPairs", effect: { type: "denied" } },
    { operation: "DescribeVolumes", effect: { type: "denied", by: "scp" } },
    { service: "elb", operation: "DescribeTags", effect: { type: "denied" } },
    { service: "cloudwatch", operation: "ListTagsForResource", effect: { type: "denied" } },
    { operation: "DescribeNodegroup", effect: { type: "denied" } },
    { operation: "ListBuckets", effect: { type: "denied" } },
    { operation: "DescribeStacks", effect: { type: "opt_in" } },
  ]);
  assert.equal(summary.exitCode, 3);
  const at = (region: string, kind: string) => `${MEMBER}/${region}/${kind}`;
  assert.deepEqual(outcomes, {
    [at("eu-west-1", "aws_ec2_keypair")]: "denied",
    [at("eu-west-1", "aws_ec2_volume")]: "denied",
    [at("eu-west-1", "aws_elb")]: "partial",
    [at("eu-west-1", "aws_cloudwatch_alarm")]: "partial",
    [at("eu-west-1", "aws_eks_nodegroup")]: "denied",
    [at("eu-west-1", "aws_cloudformation_stack")]: "not_enabled",
    [at("global", "aws_s3_bucket")]: "denied",
  });
  assert.deepEqual(after.nodes, before.nodes);
  const account = summary.accounts.find(({ account }) => account === MEMBER);
  const cures = account?.faults.map(({ call, permission, policy }) => [call, permission, policy]);
  assert.deepEqual(cures?.sort(), [
    ["cloudformation:DescribeStacks", undefined, undefined],
    ["cloudwatch:ListTagsForResource", "cloudwatch:ListTagsForResource", undefined],
    ["ec2:DescribeKeyPairs", "ec2:DescribeKeyPairs", undefined],
    ["ec2:DescribeVolumes", "ec2:DescribeVolumes", true],
    ["eks:DescribeNodegroup", "eks:DescribeNodegroup", undefined],
    ["elb:DescribeTags", "elasticloadbalancing:DescribeTags", undefined],
    ["s3:ListBuckets", "s3:ListAllMyBuckets", undefined],
  ]);
  assert.ok(faults.length > 0);
});

Deno.test("AWS: tags that cannot be read keep their last good value", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using store = await makeAwsStore(proxy.url);
  await store.collect({ ...OPTIONS, collect: ["elbs", "eks_clusters"] });
  const before = readReported(store.path);
  proxy.setRules([
    { service: "elb", operation: "DescribeTags", effect: { type: "denied" } },
    ...MOTO_GAPS,
  ]);
  await store.collect({ ...OPTIONS, collect: ["elbs", "eks_clusters"] });
  const [elb] = [...before.keys()].filter((node) => node.includes(" aws_elb "));
  assert.deepEqual(before.get(elb ?? "")?.["tags"], { owner: "ada" });
  assert.deepEqual(readReported(store.path), before);
});

Deno.test("AWS: a region that the account has switched off is not enabled, and its data stays", async () => {
  const options = { ...OPTIONS, region: ["eu-west-1", "ap-east-1"], collect: ["vpcs", "subnets"] };
  const { summary, outcomes } = await collectWithFaults(
    [{ region: "ap-east-1", effect: { type: "region_disabled" } }],
    options,
  );
  assert.deepEqual([summary.exitCode, outcomes], [0, {
    [`${MEMBER}/ap-east-1/aws_vpc`]: "not_enabled",
    [`${MEMBER}/ap-east-1/aws_ec2_subnet`]: "not_enabled",
  }]);
});

Deno.test("AWS: a record that cannot be read costs no other, and ends nothing", async () => {
  const body = snapshots(["", "snap-00000001"]);
  const { outcomes, after } = await collectWithFaults(
    [{ operation: "DescribeSnapshots", effect: { type: "answer", body } }],
    { ...OPTIONS, collect: ["snapshots"] },
  );
  assert.deepEqual(outcomes, { [`${MEMBER}/eu-west-1/aws_ec2_snapshot`]: "failed" });
  assert.ok(after.nodes.includes(newSnapshot(1)));
});

Deno.test("AWS: a page token that is refused leaves the list open, and what came counts", async () => {
  const page = (id: string, token: string) =>
    ({ type: "answer", body: snapshots([id], token) }) as const;
  const error = { status: 400, code: "InvalidNextToken", message: "The token is invalid." };
  const { outcomes, after, faults } = await collectWithFaults([
    { operation: "DescribeSnapshots", first: 1, effect: page("snap-00000001", "a") },
    { operation: "DescribeSnapshots", first: 1, effect: page("snap-00000002", "b") },
    { operation: "DescribeSnapshots", effect: { type: "error", error } },
  ], { ...OPTIONS, collect: ["snapshots"] });
  assert.deepEqual(outcomes, { [`${MEMBER}/eu-west-1/aws_ec2_snapshot`]: "failed" });
  assert.deepEqual(faults, ["failed ec2:DescribeSnapshots InvalidNextToken"]);
  assert.ok(after.nodes.includes(newSnapshot(1)) && after.nodes.includes(newSnapshot(2)));
});

Deno.test("AWS: a page token that comes twice leaves the list open", async () => {
  const body = snapshots(["snap-00000001"], "a");
  const { outcomes, faults, total } = await collectWithFaults(
    [{ operation: "DescribeSnapshots", effect: { type: "answer", body } }],
    { ...OPTIONS, collect: ["snapshots"] },
  );
  assert.deepEqual(outcomes, { [`${MEMBER}/eu-west-1/aws_ec2_snapshot`]: "failed" });
  assert.deepEqual(faults, ["failed ec2:DescribeSnapshots RepeatedToken"]);
  assert.equal(total("DescribeSnapshots"), 2);
});

Deno.test("AWS: parts that are left out make no call", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using store = await makeAwsStore(proxy.url);
  const parts = {
    quotas: { operation: "ListServiceQuotas" },
    prices: { service: "pricing" },
    metrics: { operation: "GetMetricData" },
    reserved_instances: { operation: "DescribeReservedInstances" },
  };
  const collect = ["instances", "volumes", "vpcs", "reserved_instances"];
  for (const [left, match] of Object.entries(parts)) {
    proxy.resetCounts();
    const summary = await store.collect({ ...OPTIONS, collect, no_collect: [left] });
    assert.equal(summary.exitCode, 0);
    assert.equal(proxy.total(match), 0, left);
    for (const [other, made] of Object.entries(parts)) {
      assert.ok(other === left || proxy.total(made) > 0, `${other} without ${left}`);
    }
  }
});

function newSnapshot(number: number): string {
  const id = `snap-0000000${number}`;
  return `${MEMBER} eu-west-1 aws_ec2_snapshot ${id} ${id}`;
}

function snapshots(ids: readonly string[], token = ""): string {
  const items = ids.map((id) =>
    `<item>${id === "" ? "" : `<snapshotId>${id}</snapshotId>`}<volumeSize>8</volumeSize></item>`
  ).join("");
  const next = token === "" ? "" : `<nextToken>${token}</nextToken>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<DescribeSnapshotsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
<requestId>1</requestId><snapshotSet>${items}</snapshotSet>${next}</DescribeSnapshotsResponse>`;
}
