import assert from "node:assert/strict";
import { callsSchema } from "../../lib/sdk/mod.ts";
import { z } from "zod";
import awsCalls from "../../plugins/aws/calls.json" with { type: "json" };
import original from "../fixtures/aws/kinds.json" with { type: "json" };
import { MOTO_GAPS, PRICE, QUOTAS, RESERVED } from "../support/aws_answers.ts";
import { AWS_KEYS, makeAwsPlace, movedKinds, summaryOf } from "../support/aws_binary.ts";
import { type ExpectedCounts, expectedCounts, seedEstate } from "../support/aws_estate.ts";
import { expectedAws, expectedReported, readAws, readReported } from "../support/aws_store.ts";
import { binaryPath, runProgram } from "../support/binary.ts";
import { type CallCount, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";
import { callMoto } from "../support/moto_call.ts";

/** One server for all tests; it ends with this process. */
const moto = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: "true" });
const estate = await seedEstate(moto);
const ALL = ["--aws-role", estate.role, "--aws-scrape-org", "--aws-region", ...estate.regions];
const [MANAGEMENT = ""] = estate.accounts.map(({ id }) => id);

/** Kinds that follow from others or from the place, and that no call of moto holds. */
const DERIVED = /_quota$|^aws_ec2_(instance|volume)_type$|^aws_region$|^aws_account$/;
/** Properties that moto gives under other names, or that are stored as hashes. */
const NOT_COMPARED = new Set(["state", "status", "stack_parameters"]);
/** Declared calls that a run does not make when the regions are given. */
const NOT_OBSERVED = ["ec2:DescribeRegions"];

/** Kinds that the estate holds at least one of; a new kind need not be among them. */
const kinds = Object.keys(original).filter((name) => name !== "aws_resource").sort();
const declared = callsSchema.parse(awsCalls).filter(({ purpose }) => purpose === "read");

Deno.test("binary: collects all that moto holds, with declared calls only, and a second run changes nothing", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using place = await makeAwsPlace(proxy.url);
  const first = await place.collect([...ALL, "--output", "json"]);
  assert.equal(first.code, 0, first.stdout + first.stderr);
  const stored = readAws(place.store);
  assertWhole(place.store, await expectedCounts(moto, estate));
  assertDerived(place.store);
  await assertCalls(proxy.calls());
  assert.equal(proxy.maxInFlight <= 64, true, `${proxy.maxInFlight} calls in flight`);

  const second = summaryOf(await place.collect([...ALL, "--output", "json"]));
  assert.deepEqual([second.exitCode, movedKinds(second)], [0, []]);
  assert.deepEqual(readAws(place.store), stored);
});

Deno.test("binary: a region that is denied keeps its rows, is named with its cure, and comes back", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using place = await makeAwsPlace(proxy.url);
  const whole = [...ALL, "--aws-collect", "keypairs", "vpcs", "iam_users"];
  assert.equal((await place.collect(whole)).code, 0);
  const before = readAws(place.store);

  const denied = { account: MANAGEMENT, region: "eu-west-1" };
  proxy.setRules([{ ...denied, effect: { type: "denied" } }, ...MOTO_GAPS]);
  for (const region of ["us-east-1", "eu-west-1"]) {
    const parameters = { Action: "CreateKeyPair", Version: "2016-11-15", KeyName: "late" };
    await callMoto(moto, "ec2", region, parameters);
  }
  const ended = await place.collect(whole);
  assert.equal(ended.code, 3, ended.stdout + ended.stderr);
  const during = readAws(place.store);
  const here = `${MANAGEMENT} eu-west-1 `;
  const kept = before.nodes.filter((node) => node.startsWith(here));
  assert.ok(kept.length > 5);
  assert.deepEqual(during.nodes.filter((node) => node.startsWith(here)), kept);
  assert.deepEqual(during.stale, kept.filter((node) => !node.includes(" aws_region ")));
  assert.deepEqual(before.edges.filter((edge) => !during.edges.includes(edge)), []);
  const added = during.nodes.filter((node) => !before.nodes.includes(node));
  assert.match(added.join(), new RegExp(`^${MANAGEMENT} us-east-1 aws_ec2_keypair \\S+ late$`));
  assert.match(ended.stdout, new RegExp(`Not whole in aws .*${MANAGEMENT}`));
  assert.match(
    ended.stdout,
    /denied: ec2:DescribeKeyPairs \(UnauthorizedOperation\) once in eu-west-1/,
  );
  assert.match(ended.stdout, /To cure it, allow: .*ec2:DescribeKeyPairs.*ec2:DescribeVpcs/);

  proxy.setRules(MOTO_GAPS);
  assert.equal((await place.collect(whole)).code, 0);
  const after = readAws(place.store);
  assert.deepEqual(after.stale, []);
  assert.equal(after.nodes.filter((node) => node.endsWith(" late")).length, 2);
});

Deno.test("binary: regions that are not given are those that the account has enabled", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using place = await makeAwsPlace(proxy.url);
  const ended = await place.collect(["--aws-collect", "keypairs", "--output", "json"]);
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  assert.equal(proxy.total({ operation: "DescribeRegions" }), 1);
  const listed = await callMoto(moto, "ec2", "us-east-1", {
    Action: "DescribeRegions",
    Version: "2016-11-15",
  });
  const enabled = listed.split("<item>").filter((item) => !item.includes("not-opted-in"))
    .flatMap((item) => /<regionName>([^<]+)</.exec(item)?.[1] ?? []).sort();
  const asked = proxy.calls({ operation: "DescribeKeyPairs" }).map(({ region }) => region);
  assert.deepEqual(asked, enabled);
  assert.ok(asked.length > 10);
});

function assertWhole(store: string, counts: ExpectedCounts): void {
  const stored = readAws(store);
  const expected = expectedAws(counts);
  assert.deepEqual(stored.nodes.filter((node) => !DERIVED.test(kindOf(node))), expected.nodes);
  const edges = new Set(stored.edges);
  assert.deepEqual(expected.edges.filter((edge) => !edges.has(edge)), []);
  const found = new Set(stored.nodes.map(kindOf));
  assert.deepEqual(kinds.filter((kind) => !found.has(kind)), []);
  assert.deepEqual([...new Set(Object.values(stored.outcomes))], ["complete"]);
  assert.deepEqual(stored.stale, []);
  assert.deepEqual(
    stored.nodes.filter((node) => kindOf(node) === "aws_account").map((node) => node.split(" ")[0]),
    estate.accounts.map(({ id }) => id).sort(),
  );
  const reported = readReported(store);
  for (const [node, properties] of expectedReported(counts)) {
    const names = Object.keys(properties).filter((name) => !NOT_COMPARED.has(name));
    const own = reported.get(node) ?? {};
    assert.deepEqual(
      Object.fromEntries(names.map((name) => [name, own[name]])),
      Object.fromEntries(names.map((name) => [name, properties[name]])),
      node,
    );
  }
}

/** Quotas, prices and reservations come from answers that the test made. */
function assertDerived(store: string): void {
  const reported = readReported(store);
  const at = `${MANAGEMENT} eu-west-1`;
  const type = reported.get(`${at} aws_ec2_instance_type m5.large m5.large`);
  const standard = "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances";
  assert.deepEqual(
    [type?.["ondemand_cost"], type?.["reservations"], type?.["quota"], type?.["instance_cores"]],
    [PRICE, RESERVED, QUOTAS[standard], 2],
  );
  const quota = reported.get(`${at} aws_vpc_quota vpc_quota vpc_quota`);
  assert.equal(quota?.["quota"], QUOTAS["VPCs per Region"]);
  const s3 = reported.get(`${MANAGEMENT} us-east-1 aws_s3_bucket_quota s3_quota s3_quota`);
  assert.equal(s3?.["quota"], -1);
}

/** What was seen is what is declared, and the printed policy allows it. */
async function assertCalls(seen: readonly CallCount[]): Promise<void> {
  const observed = new Set(
    seen.map(({ service, operation }) =>
      `${service === "autoscaling" ? "auto-scaling" : service}:${operation}`
    ),
  );
  const expected = declared.map(({ call }) => call).filter((call) => !NOT_OBSERVED.includes(call));
  assert.deepEqual([...observed].sort(), expected.sort());
  const { stdout } = await runProgram(
    binaryPath(),
    ["permissions", "aws", "--policy", ...ALL],
    { env: AWS_KEYS },
  );
  const policy = policySchema.parse(JSON.parse(stdout));
  const allowed = policy.Statement.flatMap(({ Action }) => Action);
  const needed = declared.filter(({ call }) => observed.has(call))
    .flatMap(({ permissions }) => permissions);
  assert.deepEqual(allowed.sort(), [...new Set(needed)].sort());
  for (const { count } of seen.filter(({ operation }) => operation === "AssumeRole")) {
    assert.equal(count, estate.accounts.length - 1);
  }
  const sts = seen.filter(({ service }) => service === "sts").map(({ region }) => region);
  assert.deepEqual([...new Set(sts)], [estate.regions[0]]);
}

const policySchema = z.object({
  Statement: z.array(z.object({ Action: z.array(z.string()) })),
});

function kindOf(node: string): string {
  return node.split(" ")[2] ?? "";
}
