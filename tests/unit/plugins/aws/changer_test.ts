import assert from "node:assert/strict";
import type { ChangeNode, Changer, NodeChange } from "../../../../lib/sdk/mod.ts";
import calls from "../../../../plugins/aws/calls.json" with { type: "json" };
import { createCollector } from "../../../../plugins/aws/collector.ts";
import { entryOf } from "../../../../plugins/aws/discovery/change_sessions.ts";
import { toMapping } from "../../../../plugins/aws/engine/mapping.ts";
import mapping from "../../../../plugins/aws/mapping.json" with { type: "json" };
import { options as schema } from "../../../../plugins/aws/options.ts";
import { call, change, type Resource } from "../../../../plugins/aws/resource.ts";
import { resources } from "../../../../plugins/aws/resources/mod.ts";
import { subnet } from "../../../../plugins/aws/resources/subnet.ts";
import { CURRENT, MEMBER } from "../../../support/aws_cloud.ts";
import { awsError, FakeAws } from "../../../support/fake_aws.ts";
import { FakeContext } from "../../../support/fake_context.ts";

type Given = Readonly<Record<string, unknown>>;

function context(given: Given = {}) {
  const keys = { access_key_id: "key", secret_access_key: "secret" };
  return new FakeContext({ options: schema.parse({ ...keys, ...given }) });
}

function collector(aws: FakeAws, declared: readonly Resource[] = resources) {
  const parts = { resources: declared, mapping: toMapping(mapping), calls };
  return createCollector(parts, aws.machine());
}

async function makeChanger(
  aws: FakeAws,
  given: Given,
  declared?: readonly Resource[],
): Promise<Changer> {
  const made = collector(aws, declared).changer?.(context(given));
  return await (made ?? assert.fail("there is no changer"));
}

/** Makes one change to its end, while time flies. */
async function make(aws: FakeAws, node: ChangeNode, change: NodeChange, signal = NEVER) {
  const changer = await makeChanger(aws, { region: ["eu-west-1"] });
  try {
    return await aws.clock.run(changer.change(node, change, signal));
  } finally {
    await changer.close?.();
  }
}

const NEVER = new AbortController().signal;
const SET = { type: "setTag", key: "team", value: "x" } as const;
const READ = { type: "read" } as const;
const DELETE = { type: "delete" } as const;
const REMOVE = { type: "removeTag", key: "owner" } as const;

function node(kind: string, reported: Given = {}, more: Partial<ChangeNode> = {}): ChangeNode {
  return {
    kind,
    id: "id-1",
    name: "name-1",
    cloud: "aws",
    account: { id: MEMBER, name: MEMBER, reported: { role: "reader" } },
    region: { id: "eu-west-1", name: "eu-west-1" },
    reported,
    ...more,
  };
}

/** A stack with tags and parameters; its states come one after the other. */
function stackAws(tags: Readonly<Record<string, string>>, ...states: readonly string[]) {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const answer = (state: string) => () => ({
    Stacks: [{
      StackStatus: state,
      Tags: list,
      Parameters: [{ ParameterKey: "A" }, { ParameterKey: "B" }],
    }],
  });
  return new FakeAws()
    .on("cloudformation:DescribeStacks", ...states.map(answer))
    .on("cloudformation:UpdateStack", () => ({}));
}

const STACK = node("aws_cloudformation_stack", { tags: { stale: "yes" } });

Deno.test("changer: a stack is updated with its tags of the moment and nothing else new", async () => {
  const aws = stackAws({ owner: "ada", "aws:own": "1" }, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE");
  assert.deepEqual(await make(aws, STACK, SET), {
    outcome: "done",
    tags: { owner: "ada", "aws:own": "1", team: "x" },
  });
  assert.deepEqual(aws.made("cloudformation:UpdateStack").map(({ input }) => input), [{
    StackName: "id-1",
    UsePreviousTemplate: true,
    Parameters: [
      { ParameterKey: "A", UsePreviousValue: true },
      { ParameterKey: "B", UsePreviousValue: true },
    ],
    Tags: [{ Key: "owner", Value: "ada" }, { Key: "team", Value: "x" }],
    Capabilities: ["CAPABILITY_NAMED_IAM"],
  }]);
});

Deno.test("changer: a stack is not updated to the tags that it has", async () => {
  const set = stackAws({ team: "x" }, "CREATE_COMPLETE");
  assert.deepEqual(await make(set, STACK, SET), { outcome: "done", tags: { team: "x" } });
  const removed = stackAws({ team: "x" }, "CREATE_COMPLETE");
  assert.deepEqual(await make(removed, STACK, REMOVE), { outcome: "done", tags: { team: "x" } });
  assert.equal(set.made("cloudformation:UpdateStack").length, 0);
  assert.equal(removed.made("cloudformation:UpdateStack").length, 0);
});

Deno.test("changer: a stack that never comes to rest is given up after its limit", async () => {
  const aws = stackAws({}, "UPDATE_IN_PROGRESS");
  const began = aws.clock.now();
  await assert.rejects(
    make(aws, STACK, SET),
    /id-1 was not changed: it was still UPDATE_IN_PROGRESS after 300 s/,
  );
  assert.equal(aws.clock.now() - began, 300_000);
});

Deno.test("changer: a wait ends when nobody wants the change any more", async () => {
  const stop = new AbortController();
  const aws = stackAws({}, "UPDATE_IN_PROGRESS");
  aws.on("cloudformation:DescribeStacks", () => {
    stop.abort(new Error("too late"));
    return { Stacks: [{ StackStatus: "UPDATE_IN_PROGRESS" }] };
  });
  await assert.rejects(make(aws, STACK, SET, stop.signal), /too late/);
});

Deno.test("changer: keys of a tag may stand in the place of a member's name", async () => {
  const aws = new FakeAws().on("eks:TagResource", () => ({}));
  const group = node("aws_eks_nodegroup", { arn: "arn:1", tags: {} });
  const odd = { type: "setTag", key: "$id", value: "{$id} $name" } as const;
  assert.deepEqual(await make(aws, group, odd), {
    outcome: "done",
    tags: { $id: "{$id} $name" },
  });
  assert.deepEqual(aws.made("eks:TagResource").map(({ input }) => input), [
    { resourceArn: "arn:1", tags: { $id: "{$id} $name" } },
  ]);
});

Deno.test("changer: an empty value is one, and names of all objects are no tags", async () => {
  const aws = new FakeAws().on("ec2:CreateTags", () => ({})).on("ec2:DeleteTags", () => ({}));
  const set = { type: "setTag", key: "constructor", value: "" } as const;
  const { tags } = await make(aws, node("aws_vpc", { tags: { a: "1" } }), set);
  assert.deepEqual(tags, { a: "1", constructor: "" });
  assert.deepEqual(aws.made("ec2:CreateTags").map(({ input }) => input), [
    { Resources: ["id-1"], Tags: [{ Key: "constructor", Value: "" }] },
  ]);
});

Deno.test("changer: without what identifies the node no call is made", async () => {
  const aws = new FakeAws().on("elbv2:AddTags", () => ({}));
  await assert.rejects(make(aws, node("aws_alb"), SET), /aws_alb id-1 .*has no arn/);
  assert.equal(aws.made("elbv2:AddTags").length, 0);
});

Deno.test("changer: objects of a bucket go a thousand at a time, and none is no call", async () => {
  const keys = Array.from({ length: 1_200 }, (_, i) => ({ Key: `k${i}` }));
  const aws = new FakeAws()
    .on("s3:ListObjectsV2", () => ({ Contents: keys }), () => ({}))
    .on("s3:DeleteObjects", () => ({ Errors: [] }));
  await make(aws, node("aws_s3_bucket"), { type: "prepare" });
  const sizes = aws.made("s3:DeleteObjects").map(({ input }) => input.Delete.Objects.length);
  assert.deepEqual(sizes, [1_000, 200]);
  await make(aws, node("aws_s3_bucket"), { type: "prepare" });
  assert.equal(aws.made("s3:DeleteObjects").length, 2);
});

Deno.test("changer: a bucket is changed where it lies, and read where it is listed", async () => {
  const global = { region: { id: "us-east-1", name: "global" } };
  const bucket = (told: unknown) => node("aws_s3_bucket", { bucket_region: told }, global);
  const regions = async (told: unknown) => {
    const aws = new FakeAws()
      .on("s3:DeleteBucket", () => ({}))
      .on("s3:ListBuckets", () => ({ Buckets: [{ Name: "id-1", BucketRegion: "eu-west-1" }] }));
    await make(aws, bucket(told), { type: "delete" });
    await make(aws, bucket(told), READ);
    return ["s3:DeleteBucket", "s3:ListBuckets"].map((call) => aws.made(call)[0]?.region);
  };
  assert.deepEqual(await regions("eu-west-1"), ["eu-west-1", "us-east-1"]);
  assert.deepEqual(await regions("us-east-1"), ["us-east-1", "us-east-1"]);
  assert.deepEqual(await regions(undefined), ["us-east-1", "us-east-1"]);
});

Deno.test("changer: the region that a bucket tells leads nowhere else", async () => {
  const refusals = {
    "us-west-2": /lies in region us-west-2, which --aws-region leaves out/,
    "cn-north-1": /--aws-region leaves out/,
    "evil.test/": /--aws-region leaves out/,
  };
  for (const [told, why] of Object.entries({ ...refusals, 7: /region that is no text/ })) {
    const aws = new FakeAws();
    const bucket_region = told === "7" ? 7 : told;
    await assert.rejects(make(aws, node("aws_s3_bucket", { bucket_region }), DELETE), why);
    assert.equal(aws.requests.some(({ call }) => call.startsWith("s3:")), false, told);
  }
  const changer = await makeChanger(new FakeAws(), {});
  for (const bucket_region of ["evil.test/", "cn-north-1"]) {
    const bucket = node("aws_s3_bucket", { bucket_region });
    await assert.rejects(changer.change(bucket, DELETE, NEVER), /cannot be changed: it lies in/);
  }
  await changer.close?.();
});

Deno.test("changer: what an answer calls undone is an error", async () => {
  const errors = [{ Key: "k", Code: "AccessDenied", Message: "no" }];
  const aws = new FakeAws()
    .on("s3:ListObjectsV2", () => ({ Contents: [{ Key: "k" }] }))
    .on("s3:DeleteObjects", () => ({ Errors: errors }));
  await assert.rejects(
    make(aws, node("aws_s3_bucket"), { type: "prepare" }),
    /s3:DeleteObjects left something undone: AccessDenied no/,
  );
});

Deno.test("changer: a snapshot that fails keeps its volume", async () => {
  const aws = new FakeAws()
    .on("ec2:CreateSnapshot", () => ({ SnapshotId: "snap-1" }))
    .on(
      "ec2:DescribeSnapshots",
      () => ({ Snapshots: [] }),
      () => ({ Snapshots: [{ State: "pending" }] }),
      () => ({ Snapshots: [{ State: "error" }] }),
    );
  const volume = node("aws_ec2_volume", { snapshot_before_delete: true });
  await assert.rejects(make(aws, volume, { type: "prepare" }), /was not changed: it became error/);
  assert.deepEqual(aws.made("ec2:DescribeSnapshots")[0]?.input, { SnapshotIds: ["snap-1"] });
});

Deno.test("changer: one of several structures that is gone does not stop the others", async () => {
  const aws = new FakeAws()
    .on("iam:ListAttachedRolePolicies", () => ({
      AttachedPolicies: [{ PolicyArn: "a" }, { PolicyArn: "b" }],
    }))
    .on("iam:DetachRolePolicy", () => {
      throw awsError("NoSuchEntityException", "not attached", 404);
    }, () => ({}))
    .on("iam:ListRolePolicies", () => ({ PolicyNames: [] }));
  const role = node("aws_iam_role", {}, { region: { id: "us-east-1", name: "global" } });
  assert.deepEqual(await make(aws, role, { type: "prepare" }), { outcome: "done" });
  assert.equal(aws.made("iam:DetachRolePolicy").length, 2);
});

Deno.test("changer: all changes share a role and the clients of a region", async () => {
  const aws = new FakeAws().on("ec2:CreateTags", () => ({}));
  const changer = await makeChanger(aws, { region: ["eu-west-1"] });
  const nodes = ["aws_vpc", "aws_ec2_subnet", "aws_ec2_volume"].map((kind) => node(kind));
  await aws.clock.run(Promise.all(nodes.map((each) => changer.change(each, SET, NEVER))));
  await changer.close?.();
  assert.deepEqual([aws.made("sts:AssumeRole").length, aws.made("ec2:CreateTags").length], [1, 3]);
  const keys = new Set(aws.made("ec2:CreateTags").map(({ key }) => key));
  assert.deepEqual([...keys], [`key of arn:aws:iam::${MEMBER}:role/reader`]);
  assert.equal(aws.clients.made, aws.clients.destroyed);
});

Deno.test("changer: nothing is read but what changes need, and a collector changes nothing", async () => {
  const lists: Resource = { ...subnet, change: { setTag: [change("DescribeRegions", {})] } };
  const aws = new FakeAws().on("ec2:DeleteVpc", () => ({}));
  const changer = await makeChanger(aws, {}, [lists]);
  await assert.rejects(
    aws.clock.run(changer.change(node("aws_ec2_subnet"), SET, NEVER)),
    /the call ec2:DescribeRegions is not declared/,
  );
  assert.equal(aws.made("ec2:DescribeRegions").length, 0);
  await changer.close?.();
  const deletes: Resource = { ...subnet, list: call("DeleteVpc", "Subnets[]") };
  const told = context({ region: ["eu-west-1"] });
  await aws.clock.run(collector(aws, [deletes]).collect(told).catch(() => {}));
  assert.equal(aws.made("ec2:DeleteVpc").length, 0);
});

for (
  const [title, id, known, given, expected] of [
    ["its account node's role", MEMBER, "own", {}, { id: MEMBER, role: "own" }],
    ["its role before the options'", MEMBER, "own", { role: "r" }, { id: MEMBER, role: "own" }],
    ["the override", MEMBER, "own", { role: "r", role_override: true }, { id: MEMBER, role: "r" }],
    ["the options' role", MEMBER, undefined, { role: "r" }, { id: MEMBER, role: "r" }],
    ["the keys at hand", CURRENT, undefined, { role: "r", scrape_org: true }, { id: CURRENT }],
    ["no role", CURRENT, undefined, {}, { id: CURRENT }],
    [
      "the role in its own account",
      CURRENT,
      undefined,
      { role: "r", scrape_org: true, assume_current: true },
      { id: CURRENT, role: "r" },
    ],
    [
      "the role, as its account is listed",
      CURRENT,
      undefined,
      { role: "r", account: [CURRENT] },
      { id: CURRENT, role: "r" },
    ],
    ["nothing", MEMBER, undefined, {}, undefined],
  ] as const
) {
  Deno.test(`changer: an account is reached with ${title}`, () => {
    const entry = () => entryOf(id, CURRENT, known, schema.parse(given));
    if (expected === undefined) assert.throws(entry, /no role is known/);
    else assert.deepEqual(entry(), expected);
  });
}

const VOLUME = {
  VolumeId: "vol-1",
  State: "available",
  Size: 8,
  CreateTime: new Date("2026-01-01T00:00:00Z"),
  Tags: [{ Key: "Name", Value: "data" }],
};

Deno.test("changer: a node is read as a collect would report it, what costs calls apart", async () => {
  const aws = new FakeAws().on("ec2:DescribeVolumes", () => ({ Volumes: [VOLUME] }));
  const { outcome, read } = await make(aws, node("aws_ec2_volume", {}, { id: "vol-1" }), READ);
  assert.equal(outcome, "done");
  assert.equal(read?.name, "data");
  assert.equal(read?.reported["volume_status"], "available");
  assert.deepEqual(read?.reported["tags"], { Name: "data" });
  assert.ok(read?.unknown.includes("atime"));
  assert.deepEqual(aws.made("ec2:DescribeVolumes")[0]?.input, { VolumeIds: ["vol-1"] });
});

Deno.test("changer: what is not listed, not known, or only listed any more is gone", async () => {
  const answers = [
    () => ({ Volumes: [] }),
    () => ({ Volumes: [{ ...VOLUME, VolumeId: "vol-2" }] }),
    () => ({ Volumes: [{ ...VOLUME, State: "deleted" }] }),
    () => {
      throw awsError("InvalidVolume.NotFound", "no such volume");
    },
  ];
  for (const answer of answers) {
    const aws = new FakeAws().on("ec2:DescribeVolumes", answer);
    const asked = node("aws_ec2_volume", {}, { id: "vol-1" });
    assert.deepEqual(await make(aws, asked, READ), { outcome: "gone" });
  }
});

Deno.test("changer: a read that is denied says nothing, least of all that the node is gone", async () => {
  const aws = new FakeAws().on("ec2:DescribeVolumes", () => {
    throw awsError("UnauthorizedOperation", "not allowed", 403);
  });
  await assert.rejects(
    make(aws, node("aws_ec2_volume", {}, { id: "vol-1" }), READ),
    /ec2:DescribeVolumes.*UnauthorizedOperation/,
  );
});

Deno.test("changer: secrets are unknown, for nobody has the key that hashes them", async () => {
  const aws = new FakeAws().on("cloudformation:DescribeStacks", () => ({
    Stacks: [{
      StackId: "stack-1",
      StackName: "s",
      StackStatus: "CREATE_COMPLETE",
      CreationTime: new Date("2026-01-01T00:00:00Z"),
      Parameters: [{ ParameterKey: "Password", ParameterValue: "secret" }],
    }],
  }));
  const asked = node("aws_cloudformation_stack", {}, { id: "stack-1" });
  const { read } = await make(aws, asked, READ);
  assert.ok(read?.unknown.includes("stack_parameters"));
  assert.ok(!JSON.stringify(read).includes("secret"));
});
