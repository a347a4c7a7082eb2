/** Nodes that are prepared and deleted through a real guest; moto says what is left. */
import assert from "node:assert/strict";
import type { ChangeNode, NodeChange } from "../../lib/sdk/mod.ts";
import { startChangerOf } from "../support/changer_guest.ts";
import { AWS } from "../support/aws_collect.ts";
import { FAST } from "../support/aws_tags.ts";
import { startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";
import { callMoto, motoKey } from "../support/moto_call.ts";

/** One server for all tests; it ends with this process. */
const moto = await startMoto();
const OTHER = "222222222222";
const key = await motoKey(moto, OTHER);
const NEVER = new AbortController().signal;

/** One call in the other account; gives the first text of an element of the answer. */
async function ec2(action: string, parameters: Readonly<Record<string, string>>, find = "") {
  const all = { Action: action, Version: "2016-11-15", ...parameters };
  return first(await callMoto(moto, "ec2", "eu-west-1", all, key), find);
}

async function iam(action: string, parameters: Readonly<Record<string, string>>, find = "") {
  const all = { Action: action, Version: "2010-05-08", ...parameters };
  return first(await callMoto(moto, "iam", "us-east-1", all, key), find);
}

/** One request to the buckets of the other account. */
async function s3(method: string, path: string, body?: string): Promise<string> {
  const scope = `${key}/20260101/eu-west-1/s3/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
  const init = { method, headers: { authorization }, ...(body === undefined ? {} : { body }) };
  const answer = await fetch(moto.url + path, init);
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return text;
}

function first(answer: string, find: string): string {
  return find === "" ? answer : new RegExp(`<${find}>([^<]+)<`).exec(answer)?.[1] ?? "";
}

function node(
  kind: string,
  id: string,
  reported: Readonly<Record<string, unknown>> = {},
  name = id,
): ChangeNode {
  const region = /^aws_(iam|s3)/.test(kind)
    ? { id: "us-east-1", name: "global" }
    : { id: "eu-west-1", name: "eu-west-1" };
  return {
    kind,
    id,
    name,
    cloud: "aws",
    account: { id: OTHER, name: OTHER, reported: { role: "cleaner" } },
    region,
    reported,
  };
}

/** Makes changes one after the other; gives their outcomes and the calls that were made. */
async function change(
  asked: readonly (readonly [ChangeNode, NodeChange["type"] & ("prepare" | "delete")])[],
) {
  await using proxy = startFaultProxy({ target: moto.url });
  const options = {
    access_key_id: "testing",
    secret_access_key: "testing",
    endpoint_url: proxy.url,
    region: ["eu-west-1"],
  };
  await using guest = await startChangerOf({ entry: AWS, options, base: FAST }, {
    timeouts: { startMs: 30_000, heartbeatMs: 30_000, runMs: Infinity, stopMs: 1_000 },
  });
  const outcomes: string[] = [];
  for (const [node, type] of asked) {
    outcomes.push((await guest.change(node, { type }, NEVER)).outcome);
  }
  await guest.stop("done");
  const declared = new Set(
    AWS.calls.filter(({ purpose }) => purpose === "change").map(({ call }) => call),
  );
  for (const { service, operation } of proxy.calls()) {
    assert.ok(declared.has(`${service}:${operation}`), `${service}:${operation} is not declared`);
  }
  const made = proxy.calls({ account: OTHER });
  const calls = made.map(({ operation }) => operation).sort();
  return { outcomes, calls, regions: [...new Set(made.map(({ region }) => region))] };
}

async function makeVpc(): Promise<string> {
  return await ec2("CreateVpc", { CidrBlock: "10.0.0.0/16" }, "vpcId");
}

Deno.test("AWS change: an instance is terminated, twice is once", async () => {
  const image = await ec2("DescribeImages", {}, "imageId") ||
    await ec2("RegisterImage", { Name: "base" }, "imageId");
  const run = { ImageId: image, MinCount: "1", MaxCount: "1" };
  const id = await ec2("RunInstances", run, "instanceId");
  const instance = node("aws_ec2_instance", id);
  const { outcomes } = await change([[instance, "delete"], [instance, "delete"]]);
  assert.deepEqual(outcomes, ["done", "done"]);
  assert.match(await ec2("DescribeInstances", { "InstanceId.1": id }), /<name>terminated</);
});

Deno.test("AWS change: a volume is kept as a snapshot first, if it is marked so", async () => {
  const make = () => ec2("CreateVolume", { AvailabilityZone: "eu-west-1a", Size: "1" }, "volumeId");
  const [kept, plain] = [await make(), await make()];
  const withSnapshot = node("aws_ec2_volume", kept, { snapshot_before_delete: true });
  const without = node("aws_ec2_volume", plain, { snapshot_before_delete: false });
  const { outcomes, calls } = await change([
    [withSnapshot, "prepare"],
    [without, "prepare"],
    [withSnapshot, "delete"],
    [without, "delete"],
    [without, "delete"],
  ]);
  assert.deepEqual(outcomes, ["done", "done", "done", "done", "gone"]);
  assert.deepEqual(calls, ["CreateSnapshot", "DeleteVolume", "DescribeSnapshots"]);
  const snapshots = await ec2("DescribeSnapshots", { "Owner.1": "self" });
  assert.match(snapshots, new RegExp(`Cloudkeeper created snapshot for volume ${kept}<`));
  assert.match(snapshots, new RegExp(`<key>Name</key>\\s*<value>CK snap of ${kept}<`));
  assert.equal(snapshots.includes(plain), false);
});

Deno.test("AWS change: an elastic address is disassociated, then released", async () => {
  const vpc = await makeVpc();
  const subnet = await ec2("CreateSubnet", { VpcId: vpc, CidrBlock: "10.0.1.0/24" }, "subnetId");
  const card = await ec2("CreateNetworkInterface", { SubnetId: subnet }, "networkInterfaceId");
  const id = await ec2("AllocateAddress", { Domain: "vpc" }, "allocationId");
  const bind = { AllocationId: id, NetworkInterfaceId: card };
  const association = await ec2("AssociateAddress", bind, "associationId");
  const address = node("aws_ec2_elastic_ip", id, {
    allocation_id: id,
    association_id: association,
    public_ip: "1.2.3.4",
  });
  const { outcomes, calls } = await change([[address, "prepare"], [address, "delete"]]);
  assert.deepEqual(outcomes, ["done", "done"]);
  assert.deepEqual(calls, ["DisassociateAddress", "ReleaseAddress"]);
  const again = await change([[address, "delete"]]);
  assert.deepEqual(again.outcomes, ["gone"]);
});

Deno.test("AWS change: a network goes with what hangs on it, in order", async () => {
  const vpc = await makeVpc();
  const subnet = await ec2("CreateSubnet", { VpcId: vpc, CidrBlock: "10.0.1.0/24" }, "subnetId");
  const gateway = await ec2("CreateInternetGateway", {}, "internetGatewayId");
  await ec2("AttachInternetGateway", { InternetGatewayId: gateway, VpcId: vpc });
  const table = await ec2("CreateRouteTable", { VpcId: vpc }, "routeTableId");
  await ec2("AssociateRouteTable", { RouteTableId: table, SubnetId: subnet });
  const groups = await Promise.all(
    ["a", "b"].map((name) =>
      ec2("CreateSecurityGroup", { GroupName: name, GroupDescription: name, VpcId: vpc }, "groupId")
    ),
  );
  const [one = "", two = ""] = groups;
  for (const [group, other] of [[one, two], [two, one]] as const) {
    await ec2("AuthorizeSecurityGroupIngress", {
      GroupId: group,
      "IpPermissions.1.IpProtocol": "tcp",
      "IpPermissions.1.FromPort": "1",
      "IpPermissions.1.ToPort": "2",
      "IpPermissions.1.Groups.1.GroupId": other,
    });
  }
  const nodes = [
    node("aws_ec2_internet_gateway", gateway),
    node("aws_ec2_route_table", table),
    ...groups.map((id) => node("aws_ec2_security_group", id)),
  ];
  const { outcomes } = await change([
    ...nodes.map((each) => [each, "prepare"] as const),
    ...nodes.map((each) => [each, "delete"] as const),
    [node("aws_ec2_subnet", subnet), "delete"],
    [node("aws_vpc", vpc), "delete"],
    [node("aws_vpc", vpc), "delete"],
  ]);
  assert.deepEqual(outcomes, [...Array.from({ length: 10 }, () => "done"), "gone"]);
  assert.equal((await ec2("DescribeVpcs", {})).includes(vpc), false);
});

Deno.test("AWS change: a role lets go of its policies, then it is deleted", async () => {
  const role = { RoleName: "worker" };
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const id = await iam("CreateRole", { ...role, AssumeRolePolicyDocument: trust }, "RoleId");
  const document = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: "*" }],
  });
  const arn = await iam("CreatePolicy", { PolicyName: "own", PolicyDocument: document }, "Arn");
  await iam("AttachRolePolicy", { ...role, PolicyArn: arn });
  await iam("PutRolePolicy", { ...role, PolicyName: "inline", PolicyDocument: document });
  const worker = node("aws_iam_role", id, {}, "worker");
  const { outcomes, calls } = await change([
    [worker, "prepare"],
    [worker, "delete"],
    [worker, "delete"],
    [node("aws_iam_policy", "ANPA", { arn }, "own"), "delete"],
  ]);
  assert.deepEqual(outcomes, ["done", "done", "gone", "done"]);
  assert.deepEqual(calls, [
    "DeletePolicy",
    "DeleteRole",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "ListAttachedRolePolicies",
    "ListRolePolicies",
  ]);
});

Deno.test("AWS change: a bucket goes with its objects, in the region it lies in", async () => {
  const location = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>" +
    "</CreateBucketConfiguration>";
  await s3("PUT", "/far", location);
  await s3("PUT", "/far/one", "1");
  await s3("PUT", "/far/two%2F2", "2");
  // Moto does not tell the region in the list of buckets, as S3 does.
  const far = node("aws_s3_bucket", "far", { bucket_region: "eu-west-1" });
  const { outcomes, calls, regions } = await change([
    [far, "prepare"],
    [far, "delete"],
    [far, "delete"],
  ]);
  assert.deepEqual(outcomes, ["done", "done", "gone"]);
  assert.deepEqual(calls, ["DeleteBucket", "DeleteObjects", "ListObjectsV2"]);
  assert.deepEqual(regions, ["eu-west-1"]);
});

Deno.test("AWS change: what a kind does not have, or needs and lacks, is an error", async () => {
  const database = node("aws_rds_instance", "db-1");
  await assert.rejects(change([[database, "delete"]]), { code: "change.unsupported" });
  const unknown = node("aws_nothing", "x");
  await assert.rejects(change([[unknown, "delete"]]), { code: "change.unsupported" });
  const policy = node("aws_iam_policy", "ANPA", {});
  await assert.rejects(change([[policy, "delete"]]), /it has no arn/);
});
