/** Tags of all kinds, changed through a real guest that takes on a role in another account. */
import assert from "node:assert/strict";
import { renderPolicy } from "../../lib/cli/permissions.ts";
import type { Change, NodeDeclaration } from "../../plugins/aws/resource.ts";
import { resources } from "../../plugins/aws/resources/mod.ts";
import { startChangerOf } from "../support/changer_guest.ts";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS, makeAwsStore } from "../support/aws_collect.ts";
import { seedEstate } from "../support/aws_estate.ts";
import { readReported } from "../support/aws_store.ts";
import {
  awsTagTasks,
  FAST,
  nodesByKind,
  type StoredNode,
  tagsOf,
  taskNode,
} from "../support/aws_tags.ts";
import { type FaultProxy, type FaultRule, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";
import { callMoto, motoKey } from "../support/moto_call.ts";

/** One server for all tests; it ends with this process. */
const moto = await startMoto();
const estate = await seedEstate(moto, { members: 1, regions: ["eu-west-1"], suspended: false });
const [CURRENT = "", MEMBER = ""] = estate.accounts.map(({ id }) => id);
const REGION = { region: ["eu-west-1"] };
const ROLE = { ...REGION, role: estate.role, account: [MEMBER] };
const NEVER = new AbortController().signal;

// moto takes no new tags for a stack with parameters, so there is one without.
await callMoto(moto, "cloudformation", "eu-west-1", {
  Action: "CreateStack",
  StackName: "plain",
  TemplateBody: JSON.stringify({ Resources: { Queue: { Type: "AWS::SQS::Queue" } } }),
  "Tags.member.1.Key": "owner",
  "Tags.member.1.Value": "ada",
}, await motoKey(moto, MEMBER));

/** Kinds whose tags can be changed; moto knows no tags of node groups. */
const TAGGED = AWS.model.kinds.filter(({ name, changes }) =>
  changes?.includes("setTag") === true && name !== "aws_eks_nodegroup"
).map(({ name }) => name);

/** The member's nodes as a run collects them. */
async function collectNodes(): Promise<ReadonlyMap<string, readonly StoredNode[]>> {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using store = await makeAwsStore(proxy.url);
  assert.equal((await store.collect(ROLE)).exitCode, 0);
  return nodesByKind(readReported(store.path), MEMBER);
}

const collected = await collectNodes();

function nodeOf(kind: string, nodes = collected): StoredNode {
  const found = nodes.get(kind)?.find(({ name }) =>
    kind !== "aws_cloudformation_stack" || name === "plain"
  );
  return found ?? assert.fail(`there is no ${kind}`);
}

/** The same node with the tags that an answer gave it. */
function after(node: StoredNode, answer: Readonly<Record<string, unknown>>): StoredNode {
  return { ...node, reported: { ...node.reported, tags: tagsOf(answer["reported"]) } };
}

function ground(rules: readonly FaultRule[] = []): FaultProxy {
  return startFaultProxy({ target: moto.url, rules });
}

/** One task for a node of each kind, all at once. */
async function handleAll(
  proxy: FaultProxy,
  nodes: readonly StoredNode[],
  change: Readonly<Record<string, unknown>>,
): Promise<readonly StoredNode[]> {
  await using tasks = awsTagTasks(proxy.url, REGION);
  return await Promise.all(nodes.map(async (node) => {
    const task = { ...change, node: taskNode(node, estate.role) };
    return after(node, await tasks.handle(task, NEVER));
  }));
}

function tagsByKind(nodes: readonly StoredNode[]) {
  return Object.fromEntries(nodes.map(({ kind, reported }) => [kind, tagsOf(reported)]));
}

/** What the cloud says itself; moto lists launch templates with the tags that they were made with. */
async function assertCollected(expected: readonly StoredNode[]): Promise<void> {
  const shown = expected.filter(({ kind }) => kind !== "aws_ec2_launch_template");
  const nodes = await collectNodes();
  assert.deepEqual(tagsByKind(shown.map(({ kind }) => nodeOf(kind, nodes))), tagsByKind(shown));
}

Deno.test("AWS tags: set and removed for every kind, with declared calls only", async () => {
  await using proxy = ground();
  const before = TAGGED.map((kind) => nodeOf(kind));
  const set = await handleAll(proxy, before, { update: { "ck:owner": "lisa & co" } });
  for (const [index, node] of set.entries()) {
    const own = tagsOf(before[index]?.reported);
    assert.deepEqual(tagsOf(node.reported), { ...own, "ck:owner": "lisa & co" }, node.kind);
  }
  await assertCollected(set);
  const again = await handleAll(proxy, before, { update: { "ck:owner": "lisa & co" } });
  assert.deepEqual(tagsByKind(again), tagsByKind(set));
  const gone = await handleAll(proxy, set, { delete: ["ck:owner"] });
  assert.deepEqual(tagsByKind(gone), tagsByKind(before));
  await assertCollected(before);
  const twice = await handleAll(proxy, set, { delete: ["ck:owner"] });
  assert.deepEqual(tagsByKind(twice), tagsByKind(before));
  assertCalls(proxy);
});

/** What was seen is what tags are declared to need, and the printed policy allows it. */
function assertCalls(proxy: FaultProxy): void {
  const observed = proxy.calls().map(({ service, operation }) =>
    `${service === "autoscaling" ? "auto-scaling" : service}:${operation}`
  );
  const seen = [...new Set(observed)].sort();
  const declared = resources.flatMap((resource) => tagCalls(resource, resource.service));
  const reach = ["sts:AssumeRole", "sts:GetCallerIdentity"];
  assert.deepEqual(seen, [...new Set([...declared, ...reach])].sort());
  const changing = AWS.calls.filter(({ purpose }) => purpose === "change");
  const allowed = renderPolicy(changing, "change").Statement.flatMap(({ Action }) => Action);
  for (const call of seen) {
    const permissions = changing.find((each) => each.call === call)?.permissions;
    assert.ok(permissions?.every((action) => allowed.includes(action)), call);
  }
  // One role for all changes of a guest, and of the calls only those of identity in our account.
  assert.equal(proxy.total({ operation: "AssumeRole" }), 4);
  assert.equal(proxy.total({ account: CURRENT }), 8);
}

function tagCalls(node: NodeDeclaration, service: string): readonly string[] {
  const { setTag = [], removeTag = [] } = node.change ?? {};
  return [
    ...[...setTag, ...removeTag].flatMap((change) => callsOf(change, service)),
    ...(node.children ?? []).flatMap((child) => tagCalls(child, service)),
  ];
}

function callsOf(change: Change, service: string): readonly string[] {
  const operations = [change, change.each, change.tags, change.ready?.operation];
  return operations.flatMap((each) => each === undefined ? [] : [`${service}:${each.operation}`]);
}

Deno.test("AWS tags: a stack keeps the tags that the core does not know", async () => {
  await using proxy = ground();
  const stack = nodeOf("aws_cloudformation_stack");
  const stale = { ...stack, reported: { ...stack.reported, tags: {} } };
  const [set] = await handleAll(proxy, [stale], { update: { team: "x" } });
  assert.deepEqual(tagsOf(set?.reported), { owner: "ada", team: "x" });
  await handleAll(proxy, [set ?? stale], { delete: ["team"] });
});

Deno.test("AWS tags: kinds without tags are refused without a call", async () => {
  await using proxy = ground();
  await using tasks = awsTagTasks(proxy.url, REGION);
  for (const { name, changes, nested } of AWS.model.kinds) {
    if (nested === true || changes?.includes("setTag") === true) continue;
    const node = { account: MEMBER, region: "eu-west-1", kind: name, id: "x", name: "x" };
    const task = { update: { a: "b" }, node: taskNode({ ...node, reported: {} }) };
    await assert.rejects(tasks.handle(task, NEVER), /tags of aws_\w+ cannot be set/);
  }
  assert.equal(proxy.total(), 0);
});

for (
  const [title, options, role, message] of [
    ["the role of the options", ROLE, undefined, undefined],
    ["no role anywhere", REGION, undefined, /no role is known for \d{12}/],
    ["a role that is an ARN", REGION, "arn:aws:iam::1:role/x", /role is no name of a role/],
  ] as const
) {
  Deno.test(`AWS tags: reaching another account with ${title}`, async () => {
    await using proxy = ground();
    await using tasks = awsTagTasks(proxy.url, options);
    const task = { update: { team: "x" }, node: taskNode(nodeOf("aws_vpc"), role) };
    const answer = tasks.handle(task, NEVER);
    if (message !== undefined) await assert.rejects(answer, message);
    else assert.equal(tagsOf((await answer)["reported"])["team"], "x");
    assert.equal(proxy.total({ operation: "CreateTags" }), message === undefined ? 1 : 0);
  });
}

const CREATE = { operation: "CreateTags" } as const;

for (
  const [title, rules, message] of [
    [
      "credentials that AWS does not know",
      [{
        operation: "GetCallerIdentity",
        effect: {
          type: "error",
          error: { code: "InvalidClientTokenId", message: "unknown", status: 403 },
        },
      }],
      /there are no AWS credentials that work: unknown/,
    ],
    [
      "a role that may not be assumed",
      [{ operation: "AssumeRole", effect: { type: "denied" } }],
      /sts:AssumeRole .* failed: AccessDenied/,
    ],
    [
      "a change that is denied",
      [{ ...CREATE, effect: { type: "denied" } }],
      /ec2:CreateTags in \d{12} eu-west-1 failed: UnauthorizedOperation/,
    ],
    ["throttles that end", [{ ...CREATE, first: 3, effect: { type: "throttle" } }], undefined],
    [
      "throttles that do not end",
      [{ ...CREATE, effect: { type: "throttle" } }],
      /ec2:CreateTags .* RequestLimitExceeded|no answer within/,
    ],
    ["a lost connection", [{ ...CREATE, first: 1, effect: { type: "reset" } }], undefined],
    ["a token that expired", [{ ...CREATE, first: 1, effect: { type: "expired" } }], undefined],
  ] as readonly (readonly [string, readonly FaultRule[], RegExp | undefined])[]
) {
  Deno.test(`AWS tags: ${title}`, async () => {
    await using proxy = ground(rules);
    await using tasks = awsTagTasks(proxy.url, REGION);
    const node = taskNode(nodeOf("aws_ec2_subnet"), estate.role);
    const answer = tasks.handle({ update: { team: "x" }, node }, NEVER);
    if (message !== undefined) await assert.rejects(answer, message);
    else assert.equal(tagsOf((await answer)["reported"])["team"], "x");
    proxy.setRules([]);
    const next = await tasks.handle({ update: { team: "y" }, node }, NEVER);
    assert.equal(tagsOf(next["reported"])["team"], "y");
  });
}

Deno.test("AWS tags: a node that is gone, a region that is none", async () => {
  await using proxy = ground();
  await using tasks = awsTagTasks(proxy.url, REGION);
  const vpc = nodeOf("aws_vpc");
  const gone = taskNode({ ...vpc, id: "vpc-00000000" }, estate.role);
  await assert.rejects(
    tasks.handle({ update: { team: "x" }, node: gone }, NEVER),
    /aws_vpc vpc-00000000 does not exist any more/,
  );
  for (const region of ["evil.example/#", "cn-north-1"]) {
    const task = { update: { a: "b" }, node: taskNode({ ...vpc, region }, estate.role) };
    await assert.rejects(tasks.handle(task, NEVER), /it lies in region/);
  }
  const elsewhere = taskNode({ ...vpc, account: "1" }, estate.role);
  await assert.rejects(
    tasks.handle({ update: { a: "b" }, node: elsewhere }, NEVER),
    /it lies in account "1"/,
  );
});

Deno.test("AWS tags: a task that takes too long ends, and the guest goes on", async () => {
  await using proxy = ground([{ ...CREATE, effect: { type: "hang" } }]);
  await using tasks = awsTagTasks(proxy.url, REGION, { taskMs: 2_000 });
  const node = taskNode(nodeOf("aws_vpc"), estate.role);
  await assert.rejects(
    tasks.handle({ update: { team: "x" }, node }, NEVER),
    /no answer within 2 s/,
  );
  proxy.setRules([]);
  await tasks.handle({ update: { team: "x" }, node }, NEVER);
});

Deno.test("AWS tags: a guest in the middle of a change is ended by force when it does not stop", async () => {
  await using proxy = ground([{ ...CREATE, effect: { type: "hang" } }]);
  const options = {
    access_key_id: "testing",
    secret_access_key: "testing",
    endpoint_url: proxy.url,
    ...REGION,
  };
  const guest = await startChangerOf({ entry: AWS, options, base: FAST }, {
    timeouts: { startMs: 30_000, heartbeatMs: 30_000, runMs: Infinity, stopMs: 200 },
  });
  const { reported, ...vpc } = nodeOf("aws_vpc");
  const node = {
    ...vpc,
    cloud: "aws",
    account: { id: MEMBER, name: MEMBER, reported: { role: estate.role } },
    region: { id: "eu-west-1", name: "eu-west-1" },
    reported,
  };
  const lost = guest.change(node, { type: "setTag", key: "a", value: "b" }, NEVER);
  const refused = assert.rejects(lost, /did not stop within 0.2 s/);
  while (proxy.total(CREATE) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await guest.stop("the test ends");
  await refused;
  assert.deepEqual(
    proxy.calls().map(({ operation }) => operation).sort(),
    ["AssumeRole", "CreateTags", "GetCallerIdentity"],
  );
});
