import assert from "node:assert/strict";
import {
  buildRegistry,
  checkModel,
  type Kind,
  type PropertyType,
} from "../../../../../lib/model/mod.ts";
import { call, change, from, type Resource } from "../../../../../plugins/aws/resource.ts";
import { toCalls, toUses } from "../../../../../scripts/gen/aws/calls.ts";
import { declaredCalls, declaredNodes } from "../../../../../scripts/gen/aws/declared.ts";
import { derive } from "../../../../../scripts/gen/aws/derive.ts";
import { snakeCase } from "../../../../../scripts/gen/aws/names.ts";
import { Sdk } from "../../../../../scripts/gen/aws/sdk.ts";
import { readShape } from "../../../../../scripts/gen/aws/shape.ts";

const sdk = new Sdk();

function resource(kind: string, more: Partial<Resource> = {}): Resource {
  return {
    kind,
    bases: ["aws_resource", "network"],
    service: "ec2",
    scope: "region",
    collector: kind,
    list: call("DescribeVpcs", "Vpcs[]"),
    id: "VpcId",
    ...more,
  };
}

async function deriveFrom(
  resources: readonly Resource[],
  registry: ReadonlyMap<string, PropertyType> = new Map(),
) {
  const types = new Map(buildRegistry(registry, {}, []));
  const derived = await derive(declaredNodes(resources), sdk, types);
  const kind = (name: string): Kind =>
    derived.kinds.find((each) => each.name === name) ?? assert.fail(`no kind ${name}`);
  const type = (name: string, property: string) =>
    kind(name).properties.find((each) => each.name === property)?.type;
  return { ...derived, kind, type, registry: types };
}

Deno.test("derive: members become properties in snake_case with their types", async () => {
  const { type, mapping, kinds } = await deriveFrom([resource("aws_net")]);
  assert.equal(type("aws_net", "cidr_block"), "string");
  assert.equal(type("aws_net", "is_default"), "boolean");
  assert.equal(
    type("aws_net", "cidr_block_association_set"),
    "aws_ec2_vpc_cidr_block_association[]",
  );
  assert.deepEqual(mapping.aws_net?.members.CidrBlock, ["cidr_block", 0]);
  assert.equal(mapping.aws_net?.tags, "Tags");
  assert.deepEqual(checkModel(kinds), []);
});

Deno.test("derive: what a declaration takes whole is not derived again, what it takes in part is", async () => {
  const { type, mapping } = await deriveFrom([resource("aws_net", {
    properties: { default_net: "IsDefault", encryption: "EncryptionControl.Mode" },
    omit: ["OwnerId"],
  })]);
  assert.equal(type("aws_net", "default_net"), "boolean");
  assert.equal(type("aws_net", "encryption"), "string");
  assert.equal(type("aws_net", "is_default"), undefined);
  assert.equal(type("aws_net", "owner_id"), undefined);
  assert.ok(mapping.aws_net?.members.EncryptionControl);
  assert.equal(mapping.aws_net?.members.VpcId, undefined);
});

Deno.test("derive: a member fills the property of a base kind without declaring it again", async () => {
  const { kind, mapping } = await deriveFrom([resource("aws_group", {
    bases: ["aws_resource", "autoscaling_group"],
    service: "auto-scaling",
    list: call("DescribeAutoScalingGroups", "AutoScalingGroups[]"),
    id: "AutoScalingGroupName",
  })]);
  assert.ok(!kind("aws_group").properties.some(({ name }) => name === "min_size"));
  assert.deepEqual(mapping.aws_group?.members.MinSize, ["min_size", 0]);
  assert.equal(mapping.aws_group?.defaults.min_size, -1);
});

Deno.test("derive: a name that is taken with another type gets the kind's last word", async () => {
  const { type } = await deriveFrom([resource("aws_net")], new Map([["state", "int64"]]));
  assert.equal(type("aws_net", "state"), undefined);
  assert.equal(type("aws_net", "net_state"), "string");
});

Deno.test("derive: names that were chosen stay when a kind comes that wants them with another type", async () => {
  const first = await deriveFrom([resource("aws_net")]);
  // Of an instance the state is a structure, of a network it is a text.
  const early = resource("aws_early", {
    list: call("DescribeInstances", "Reservations[].Instances[]"),
    id: "InstanceId",
  });
  const together = await deriveFrom([early, resource("aws_net")]);
  assert.equal(together.type("aws_net", "state"), undefined);
  const second = await deriveFrom([early, resource("aws_net")], first.registry);
  assert.equal(second.type("aws_early", "state"), undefined);
  assert.deepEqual(
    second.kind("aws_net").properties.map(({ name }) => name),
    first.kind("aws_net").properties.map(({ name }) => name),
  );
});

Deno.test("derive: a member named like what every node has gets the kind's last word", async () => {
  const { mapping } = await deriveFrom([resource("aws_eks_thing", {
    bases: ["aws_resource", "resource"],
    service: "eks",
    list: call("ListClusters", "clusters[]"),
    describe: call("DescribeCluster", "cluster", { name: "$key" }),
    id: "arn",
  })]);
  assert.deepEqual(mapping.aws_eks_thing?.members.name, ["thing_name", 0]);
  assert.deepEqual(mapping.aws_eks_thing?.members.id, ["thing_id", 0]);
});

Deno.test("derive: floating numbers are doubles, others whole", async () => {
  const { type } = await deriveFrom([resource("aws_alarm", {
    bases: ["aws_resource", "resource"],
    service: "cloudwatch",
    list: call("DescribeAlarms", "MetricAlarms[]"),
    id: "AlarmName",
  })]);
  assert.equal(type("aws_alarm", "threshold"), "double");
  assert.equal(type("aws_alarm", "period"), "int64");
  assert.equal(type("aws_alarm", "state_updated_timestamp"), "datetime");
});

Deno.test("derive: structures are kinds for three levels, then any, their values derived all the same", async () => {
  const { kinds, structures } = await deriveFrom([resource("aws_alarm", {
    bases: ["aws_resource", "resource"],
    service: "cloudwatch",
    list: call("DescribeAlarms", "MetricAlarms[]"),
    id: "AlarmName",
  })]);
  const type = (name: string, property: string) =>
    kinds.find((kind) => kind.name === name)?.properties.find((each) => each.name === property)
      ?.type;
  assert.equal(type("aws_alarm", "metrics"), "aws_cloudwatch_metric_data_query[]");
  assert.equal(
    type("aws_cloudwatch_metric_data_query", "metric_stat"),
    "aws_cloudwatch_metric_stat",
  );
  assert.equal(type("aws_cloudwatch_metric_stat", "metric"), "aws_cloudwatch_metric");
  assert.equal(type("aws_cloudwatch_metric", "dimensions"), "any[]");
  assert.deepEqual(structures["cloudwatch.Dimension"]?.Name, ["name", 0]);
});

Deno.test("derive: sensitive members are secrets, marked by the SDK, by us, or by the declaration", async () => {
  const account = await deriveFrom([resource("aws_member", {
    bases: ["aws_resource", "resource"],
    service: "organizations",
    list: call("ListAccounts", "Accounts[]"),
    id: "Id",
    secret: ["JoinedMethod"],
  })]);
  assert.deepEqual(account.mapping.aws_member?.members.Email, ["email", "s"]);
  assert.deepEqual(account.mapping.aws_member?.members.JoinedMethod, ["joined_method", "s"]);
  const stack = await deriveFrom([resource("aws_stack", {
    bases: ["aws_resource", "resource"],
    service: "cloudformation",
    list: call("DescribeStacks", "Stacks[]"),
    id: "StackId",
  })]);
  assert.equal(stack.structures["cloudformation.Parameter"]?.ParameterValue?.[1], "s");
});

Deno.test("derive: a kind knows under which properties edges look it up", async () => {
  const { kind, mapping } = await deriveFrom([
    resource("aws_net"),
    resource("aws_other", {
      edges: [from("aws_net", ["owner_id", "OwnerId"]), from("aws_net", ["id", "X"])],
    }),
  ]);
  assert.deepEqual(kind("aws_net").targets, ["owner_id"]);
  assert.deepEqual(mapping.aws_net?.targets, ["owner_id"]);
  assert.deepEqual(mapping.aws_other?.targets, []);
});

Deno.test("derive: children find their members inside the parent's structure", async () => {
  const { type } = await deriveFrom([resource("aws_net", {
    children: [{
      kind: "aws_block",
      bases: ["aws_resource", "resource"],
      list: "CidrBlockAssociationSet[]",
      id: "AssociationId",
    }],
  })]);
  assert.equal(type("aws_block", "cidr_block"), "string");
});

Deno.test("derive: a computed property whose type nobody tells is refused", async () => {
  await assert.rejects(
    deriveFrom([resource("aws_net", { properties: { size: () => 1 } })]),
    /aws_net\.size: its type cannot be told/,
  );
});

Deno.test("derive: an operation that the SDK lacks is refused", async () => {
  await assert.rejects(
    deriveFrom([resource("aws_net", { list: call("DescribeNothing", "X[]") })]),
    /ec2 has no operation DescribeNothing/,
  );
});

Deno.test("Sdk.operation tells the tokens of pages as the SDK's paginators use them", async () => {
  const paging = async (service: "ec2" | "iam" | "elbv2" | "eks", operation: string) =>
    (await sdk.operation(service, operation)).paging;
  assert.deepEqual(await paging("ec2", "DescribeVpcs"), ["NextToken", "NextToken"]);
  assert.deepEqual(await paging("iam", "ListUsers"), ["Marker", "Marker"]);
  assert.deepEqual(await paging("elbv2", "DescribeLoadBalancers"), ["Marker", "NextMarker"]);
  assert.equal(await paging("eks", "DescribeCluster"), undefined);
});

Deno.test("readShape reads every form of schema", () => {
  const inner = [3, "ns", "Inner", 0, ["A", "B"], [0, [1, 8]]];
  const outer = [3, "ns", "Outer", 0, ["List", "Map", "Time", "Texts", "Secret"], [
    [1, "ns", "Inners", 0, () => inner],
    [2, "ns", "ByName", 0, 0, () => inner],
    [4, { xmlName: "time" }],
    64,
    [() => [0, "ns", "Password", 8, 0], 0],
  ]];
  const shape = readShape(() => outer, "ec2");
  assert.ok(shape.type === "structure");
  const members = shape.members();
  const describe = (name: string) => {
    const member = members.get(name);
    return [
      member?.type,
      member?.sensitive,
      "of" in (member ?? {}) && Reflect.get(member ?? {}, "of").type,
    ];
  };
  assert.deepEqual(describe("List"), ["list", false, "structure"]);
  assert.deepEqual(describe("Map"), ["map", false, "structure"]);
  assert.deepEqual(describe("Time"), ["time", false, false]);
  assert.deepEqual(describe("Texts"), ["list", false, "text"]);
  assert.deepEqual(describe("Secret"), ["text", true, false]);
});

Deno.test("readShape follows a structure that holds itself", () => {
  const tree: unknown[] = [3, "ns", "Tree", 0, ["Children"], []];
  tree[5] = [[1, "ns", "Trees", 0, () => tree]];
  const shape = readShape(tree, "ec2");
  assert.ok(shape.type === "structure");
  const children = shape.members().get("Children");
  assert.ok(children?.type === "list" && children.of.type === "structure");
  assert.equal(children.of.members().size, 1);
});

Deno.test("snakeCase keeps abbreviations together", () => {
  for (
    const [member, expected] of [
      ["VpcId", "vpc_id"],
      ["DBInstanceClass", "db_instance_class"],
      ["Ipv6CidrBlock", "ipv6_cidr_block"],
      ["OKActions", "ok_actions"],
      ["TargetGroupARNs", "target_group_arns"],
      ["IAMDatabaseAuthenticationEnabled", "iam_database_authentication_enabled"],
      ["createdAt", "created_at"],
      ["EnableDns64", "enable_dns64"],
      ["x-amz-thing", "x_amz_thing"],
    ] as const
  ) assert.equal(snakeCase(member), expected);
});

const owned = resource("aws_bucket", {
  service: "s3",
  collector: "buckets",
  list: call("ListBuckets", "Buckets[]"),
  id: "Name",
  attach: {
    Price: {
      operations: [{ operation: "GetProducts", service: "pricing" }],
      option: "prices",
      run: () => Promise.resolve([]),
    },
  },
  children: [{ kind: "aws_part", bases: [], list: call("ListParts", "Parts[]"), id: "Id" }],
  change: { delete: [change("DeleteBucket", { Bucket: "$id" })] },
});

Deno.test("toCalls: IAM actions where they differ from the operation, reading and changing apart", () => {
  const calls = toCalls(declaredCalls([owned]));
  const find = (call: string, purpose?: string) =>
    calls.find((each) => each.call === call && (purpose ?? each.purpose) === each.purpose);
  assert.deepEqual(find("s3:ListBuckets", "read"), {
    call: "s3:ListBuckets",
    permissions: ["s3:ListAllMyBuckets"],
    purpose: "read",
    kinds: ["aws_bucket", "aws_part"],
  });
  assert.deepEqual(find("s3:DeleteBucket")?.purpose, "change");
  // Whoever deletes a bucket looks at it before and after.
  assert.deepEqual(find("s3:ListBuckets", "change")?.kinds, ["aws_bucket"]);
  assert.deepEqual(find("sts:GetCallerIdentity")?.permissions, []);
  assert.deepEqual(find("pricing:GetProducts")?.permissions, ["pricing:GetProducts"]);
});

Deno.test("toUses: a call is made where all its names are wanted", () => {
  const uses = toUses(declaredCalls([owned]));
  assert.deepEqual(uses["pricing:GetProducts"], [["buckets", "prices"]]);
  assert.deepEqual(uses["s3:ListParts"], [["buckets"]]);
  assert.deepEqual(uses["sts:GetCallerIdentity"], [[]]);
  assert.deepEqual(uses["iam:GetAccountSummary"], [["iam_account_summary"]]);
});
