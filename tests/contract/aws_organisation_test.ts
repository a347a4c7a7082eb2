import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { type AwsStore, makeAwsStore } from "../support/aws_collect.ts";
import { seedEstate } from "../support/aws_estate.ts";
import { readAws } from "../support/aws_store.ts";
import { type FaultProxy, type FaultRule, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";

/** One server for all tests, which leave it as it is; every account has a default VPC per region. */
const moto = await startMoto();
const estate = await seedEstate(moto, { onlyOrganisation: true });
const [CURRENT = "", FIRST = "", SECOND = ""] = estate.accounts.map(({ id }) => id);
const CLOSED = estate.suspended[0]?.id ?? "";
const PART = { role: estate.role, region: ["eu-west-1"], collect: ["vpcs", "subnets"] };
const ORGANISATION = { ...PART, scrape_org: true };

/** A cloud without faults and an empty store. */
interface Ground extends AsyncDisposable {
  readonly proxy: FaultProxy;
  readonly store: AwsStore;
}

async function makeGround(): Promise<Ground> {
  const proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  const store = await makeAwsStore(proxy.url);
  return {
    proxy,
    store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

function nodesOf(store: AwsStore, account: string, region = ""): readonly string[] {
  return readAws(store.path).nodes.filter((node) => node.startsWith(`${account} ${region}`));
}

/** Outcomes of an account's scopes, each once. */
function outcomesOf(store: AwsStore, account: string, part = /^/): readonly string[] {
  const all = Object.entries(readAws(store.path).outcomes).filter(([scope]) =>
    scope.startsWith(`${account}/`) && part.test(scope)
  );
  return [...new Set(all.map(([, outcome]) => outcome))].sort();
}

/** ListAccounts that answers with these accounts. */
function listed(ids: readonly string[], token?: string, organisation = "o-test"): FaultRule {
  const accounts = ids.map((Id) => ({
    Id,
    Name: Id,
    Arn: `arn:aws:organizations::${CURRENT}:account/${organisation}/${Id}`,
    State: "ACTIVE",
    Status: "ACTIVE",
  }));
  const body = JSON.stringify({ Accounts: accounts, ...(token ? { NextToken: token } : {}) });
  return { operation: "ListAccounts", effect: { type: "answer", body } };
}

Deno.test("AWS organisation: each active account is collected, with one AssumeRole each", async () => {
  await using ground = await makeGround();
  const { proxy, store } = ground;
  assert.equal((await store.collect(ORGANISATION)).exitCode, 0);
  const accounts = new Set(readAws(store.path).nodes.map((node) => node.split(" ")[0]));
  assert.deepEqual(accounts, new Set([CURRENT, FIRST, SECOND]));
  assert.deepEqual(
    proxy.calls({ operation: "AssumeRole" }).map(({ count, region }) => [count, region]),
    [[2, "eu-west-1"]],
  );
  assert.equal(proxy.total({ operation: "DescribeRegions" }), 0);
});

Deno.test("AWS organisation: a suspended account is skipped, and keeps its data", async () => {
  await using ground = await makeGround();
  const { proxy, store } = ground;
  await store.collect({ ...PART, account: [CLOSED] });
  const before = nodesOf(store, CLOSED);
  assert.ok(before.length > 3);
  proxy.resetCounts();
  assert.equal((await store.collect(ORGANISATION)).exitCode, 0);
  assert.deepEqual(nodesOf(store, CLOSED), before);
  assert.deepEqual(outcomesOf(store, CLOSED), ["skipped"]);
  assert.equal(proxy.total({ operation: "AssumeRole" }), 2);
});

Deno.test("AWS organisation: an account that is left out is skipped, and keeps its data", async () => {
  await using ground = await makeGround();
  const { proxy, store } = ground;
  await store.collect(ORGANISATION);
  const before = readAws(store.path);
  proxy.resetCounts();
  const without = { ...ORGANISATION, scrape_exclude_account: [FIRST], dont_scrape_current: true };
  assert.equal((await store.collect(without)).exitCode, 0);
  assert.deepEqual(readAws(store.path).nodes, before.nodes);
  assert.deepEqual(outcomesOf(store, FIRST), ["skipped"]);
  assert.deepEqual(outcomesOf(store, CURRENT), ["skipped"]);
  assert.deepEqual(outcomesOf(store, SECOND), ["complete"]);
  assert.equal(proxy.total({ account: FIRST }), 0);
});

Deno.test("AWS organisation: a list that is denied or not whole makes no account gone", async () => {
  await using ground = await makeGround();
  const { proxy, store } = ground;
  await store.collect(ORGANISATION);
  const before = readAws(store.path);
  const denied: FaultRule = { operation: "ListAccounts", effect: { type: "denied" } };
  for (const rules of [[denied], [{ ...listed([CURRENT], "next"), first: 1 }, denied]]) {
    proxy.setRules([...rules, ...MOTO_GAPS]);
    const summary = await store.collect(ORGANISATION);
    assert.equal(summary.exitCode, 3);
    const after = readAws(store.path);
    assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
    assert.deepEqual(outcomesOf(store, FIRST), ["skipped"]);
    assert.deepEqual(outcomesOf(store, CURRENT), ["complete"]);
    const [fault] = summary.accounts.flatMap(({ faults }) => faults);
    assert.deepEqual(
      [fault?.outcome, fault?.call, fault?.permission],
      ["denied", "organizations:ListAccounts", "organizations:ListAccounts"],
    );
  }
});

Deno.test("AWS organisation: an account that vanished from the whole list is gone, others are not", async () => {
  await using ground = await makeGround();
  const { proxy, store } = ground;
  proxy.setRules([listed([CURRENT, FIRST, SECOND]), ...MOTO_GAPS]);
  await store.collect(ORGANISATION);
  const kept = [...nodesOf(store, CURRENT), ...nodesOf(store, FIRST)].sort();
  proxy.setRules([listed([CURRENT], undefined, "o-other"), ...MOTO_GAPS]);
  assert.equal((await store.collect(ORGANISATION)).exitCode, 0);
  assert.deepEqual(outcomesOf(store, SECOND), ["skipped"]);
  proxy.setRules([listed([CURRENT, FIRST]), ...MOTO_GAPS]);
  assert.equal((await store.collect(ORGANISATION)).exitCode, 0);
  assert.deepEqual(readAws(store.path).nodes, kept);
  assert.deepEqual(outcomesOf(store, SECOND), ["gone"]);
});

Deno.test("AWS organisation: an account whose role cannot be assumed keeps its data", async () => {
  await using ground = await makeGround();
  const { proxy, store } = ground;
  await store.collect(ORGANISATION);
  const before = readAws(store.path);
  const denied: FaultRule = { operation: "AssumeRole", nth: 1, effect: { type: "denied" } };
  proxy.setRules([denied, ...MOTO_GAPS]);
  const summary = await store.collect(ORGANISATION);
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(readAws(store.path).nodes, before.nodes);
  const broken = summary.accounts.filter(({ faults }) => faults.length > 0);
  assert.equal(broken.length, 1);
  assert.equal(broken[0]?.faults[0]?.permission, "sts:AssumeRole");
});

Deno.test("AWS organisation: the current account is collected once when its role is assumed", async () => {
  await using ground = await makeGround();
  const { proxy, store } = ground;
  assert.equal((await store.collect({ ...ORGANISATION, assume_current: true })).exitCode, 0);
  assert.equal(proxy.total({ operation: "AssumeRole" }), 3);
  assert.equal(proxy.total({ operation: "DescribeVpcs", account: CURRENT }), 1);
});

Deno.test("AWS organisation: the list may be read with a role of its own", async () => {
  await using ground = await makeGround();
  const { proxy, store } = ground;
  assert.equal((await store.collect({ ...ORGANISATION, org_role: "lister" })).exitCode, 0);
  assert.equal(proxy.total({ operation: "AssumeRole" }), 3);
});

Deno.test("AWS accounts: a run over other accounts, regions or kinds leaves the rest as it was", async () => {
  await using ground = await makeGround();
  const { store } = ground;
  await store.collect({ ...PART, account: [FIRST], region: ["eu-west-1", "us-east-1"] });
  const first = nodesOf(store, FIRST);
  await store.collect({ ...PART, account: [SECOND] });
  assert.deepEqual(nodesOf(store, FIRST), first);
  assert.deepEqual(outcomesOf(store, FIRST), ["skipped"]);
  const all = readAws(store.path);
  for (
    const narrow of [
      { region: ["us-east-1"] },
      { collect: ["vpcs"] },
      { collect: [], no_collect: ["vpcs", "instances", "iam_users", "volumes"] },
    ]
  ) {
    const options = { ...PART, account: [FIRST], ...narrow };
    assert.equal((await store.collect(options)).exitCode, 0);
    const { nodes, edges } = readAws(store.path);
    assert.deepEqual(all.nodes.filter((node) => !nodes.includes(node)), []);
    assert.deepEqual(all.edges.filter((edge) => !edges.includes(edge)), []);
  }
  assert.deepEqual(outcomesOf(store, FIRST, /us-east-1\//), ["skipped"]);
  assert.deepEqual(outcomesOf(store, FIRST, /aws_vpc$/), ["skipped"]);
  assert.deepEqual(outcomesOf(store, FIRST, /eu-west-1\/aws_ec2_subnet$/), ["complete"]);
});
