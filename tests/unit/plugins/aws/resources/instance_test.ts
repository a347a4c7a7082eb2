import assert from "node:assert/strict";
import { instance } from "../../../../../plugins/aws/resources/instance.ts";
import {
  type Answers,
  awsError,
  edgesOf,
  listFrom,
  recorded,
  recordedList,
  theNode,
} from "../../../../support/aws_listing.ts";

const PRODUCTS = {
  PriceList: recordedList("GetProducts.m5.large").map((each) => JSON.stringify(each)),
};
const ANSWERS: Answers = {
  DescribeInstances: () => recorded("DescribeInstances"),
  DescribeInstanceTypes: () => recorded("DescribeInstanceTypes"),
  DescribeReservedInstances: () => recorded("DescribeReservedInstances"),
  ListServiceQuotas: () => recorded("ListServiceQuotas.ec2"),
  GetProducts: (input) => JSON.stringify(input).includes("m5.large") ? PRODUCTS : { PriceList: [] },
};

function fails(code: string): () => never {
  return () => {
    throw awsError(code, code === "UnauthorizedOperation" ? 403 : 400);
  };
}

Deno.test("instance: properties, the size of its type and all that it hangs below", async () => {
  const node = theNode(await listFrom(ANSWERS, instance), "aws_ec2_instance", "i-1");
  assert.equal(node.name, "web-1");
  assert.deepEqual(node.reported["tags"], { Name: "web-1", owner: "ada" });
  assert.deepEqual(node.reported["ctime"], new Date("2026-01-10T08:30:00Z"));
  assert.equal(node.reported["instance_type"], "m5.large");
  assert.equal(node.reported["instance_cores"], 2);
  assert.equal(node.reported["instance_memory"], 8);
  assert.equal(node.reported["instance_status"], "running");
  assert.deepEqual(edgesOf(node), [
    "from aws_ec2_instance_type id m5.large",
    "from aws_ec2_keypair name ops",
    "from aws_iam_instance_profile arn arn:aws:iam::123456789012:instance-profile/web",
    "from aws_vpc id vpc-1",
    "from aws_ec2_subnet id subnet-1",
    "from aws_ec2_security_group id sg-1",
    "from aws_ec2_security_group id sg-2",
  ]);
});

Deno.test("instance: every state has one of five words", async () => {
  const listed = await listFrom(ANSWERS, instance);
  const status = (id: string) =>
    theNode(listed, "aws_ec2_instance", id).reported["instance_status"];
  assert.deepEqual(["i-1", "i-2", "i-3", "i-4"].map(status), [
    "running",
    "terminated",
    "busy",
    "unknown",
  ]);
});

Deno.test("instance: an empty Name tag is no name", async () => {
  assert.equal(theNode(await listFrom(ANSWERS, instance), "aws_ec2_instance", "i-2").name, "i-2");
});

Deno.test("instance: of a type that EC2 forgot, its own processors count", async () => {
  const node = theNode(await listFrom(ANSWERS, instance), "aws_ec2_instance", "i-3");
  assert.deepEqual([node.reported["instance_cores"], node.reported["instance_memory"]], [8, 0]);
});

Deno.test("instance: a type has size, price, quota and reservations", async () => {
  const listed = await listFrom(ANSWERS, instance);
  assert.deepEqual(listed.results, { aws_ec2_instance: { outcome: "complete", faults: [] } });
  const node = theNode(listed, "aws_ec2_instance_type", "m5.large");
  const { reported } = node;
  assert.equal(node.phantom, true);
  assert.equal(reported["instance_type"], "m5.large");
  assert.deepEqual([reported["instance_cores"], reported["instance_memory"]], [2, 8]);
  assert.equal(reported["ondemand_cost"], 0.107);
  assert.deepEqual([reported["quota"], reported["quota_type"]], [1152, "vcpu"]);
  assert.equal(reported["reservations"], 3);
  assert.deepEqual(edgesOf(node), ["from aws_ec2_instance_quota id standard_ondemand_quota"]);
});

Deno.test("instance: a type without active reservation has zero", async () => {
  const node = theNode(await listFrom(ANSWERS, instance), "aws_ec2_instance_type", "t3.micro");
  assert.equal(node.reported["reservations"], 0);
});

Deno.test("instance: a type that is reserved and not used is a type, too", async () => {
  const node = theNode(await listFrom(ANSWERS, instance), "aws_ec2_instance_type", "inf1.xlarge");
  assert.deepEqual([node.reported["reservations"], node.reported["quota"]], [4, 64]);
  assert.deepEqual(edgesOf(node), ["from aws_ec2_instance_quota id inf_ondemand_quota"]);
});

Deno.test("instance: a quota stands once, and is −1 where AWS has none", async () => {
  const { nodes } = await listFrom(
    { ...ANSWERS, ListServiceQuotas: () => ({ Quotas: [] }) },
    instance,
  );
  const quotas = nodes.filter(({ kind }) => kind === "aws_ec2_instance_quota");
  assert.deepEqual(quotas.map(({ id, name }) => [id, name]), [
    ["standard_ondemand_quota", "standard_ondemand_quota"],
    ["inf_ondemand_quota", "inf_ondemand_quota"],
  ]);
  for (const { id, phantom, reported } of quotas) {
    assert.deepEqual(
      [phantom, reported["quota"], reported["quota_type"], reported["instance_type"]],
      [true, -1, "vcpu", id],
    );
  }
});

Deno.test("instance: a denied price list costs the price alone", async () => {
  const listed = await listFrom(
    { ...ANSWERS, GetProducts: fails("AccessDeniedException") },
    instance,
  );
  const result = listed.results["aws_ec2_instance"];
  assert.equal(result?.outcome, "partial");
  assert.deepEqual(result?.faults?.map(({ call }) => call), ["pricing:GetProducts"]);
  const node = theNode(listed, "aws_ec2_instance_type", "m5.large");
  assert.deepEqual(node.keep, ["ondemand_cost"]);
  assert.equal(node.reported["instance_cores"], 2);
});

Deno.test("instance: denied reservations keep their last number, instances are whole", async () => {
  const listed = await listFrom({
    ...ANSWERS,
    DescribeReservedInstances: fails("UnauthorizedOperation"),
  }, instance);
  const result = listed.results["aws_ec2_instance"];
  assert.equal(result?.outcome, "partial");
  assert.deepEqual(result?.faults?.map(({ call, count }) => [call, count]), [
    ["ec2:DescribeReservedInstances", 1],
  ]);
  const type = theNode(listed, "aws_ec2_instance_type", "m5.large");
  assert.deepEqual([type.reported["reservations"], type.keep], [undefined, ["reservations"]]);
  assert.equal(theNode(listed, "aws_ec2_instance", "i-1").keep, undefined);
});

Deno.test("instance: denied reservations are reported where there is no instance, too", async () => {
  const { results } = await listFrom({
    ...ANSWERS,
    DescribeInstances: () => ({ Reservations: [] }),
    DescribeReservedInstances: fails("UnauthorizedOperation"),
  }, instance);
  assert.equal(results["aws_ec2_instance"]?.outcome, "partial");
});

Deno.test("instance: denied sizes fall back to the price list for types", async () => {
  const listed = await listFrom(
    { ...ANSWERS, DescribeInstanceTypes: fails("UnauthorizedOperation") },
    instance,
  );
  const node = theNode(listed, "aws_ec2_instance", "i-1");
  assert.deepEqual(node.keep, ["instance_cores", "instance_memory"]);
  const type = theNode(listed, "aws_ec2_instance_type", "m5.large");
  assert.deepEqual([type.reported["instance_cores"], type.reported["instance_memory"]], [2, 8]);
});

Deno.test("instance: parts that are left out make no calls", async () => {
  const { calls, results, nodes } = await listFrom(ANSWERS, instance, {
    noCollect: ["prices", "quotas", "reserved_instances"],
  });
  assert.deepEqual(
    new Set(calls.map(({ operation }) => operation)),
    new Set([
      "DescribeInstances",
      "DescribeInstanceTypes",
    ]),
  );
  assert.deepEqual(results["aws_ec2_instance"], { outcome: "complete", faults: [] });
  const types = nodes.filter(({ kind }) => kind === "aws_ec2_instance_type");
  assert.deepEqual(types.map(({ id }) => id), ["cg1.4xlarge", "m5.large", "t3.micro"]);
});

Deno.test("instance: reservations are collected only where --aws-collect names them", async () => {
  const count = async (collect: readonly string[]) => {
    const { calls } = await listFrom(ANSWERS, instance, { collect });
    return calls.filter(({ operation }) => operation === "DescribeReservedInstances").length;
  };
  assert.deepEqual(
    [await count(["instances"]), await count(["instances", "reserved_instances"])],
    [0, 1],
  );
});

Deno.test("instance: sizes are asked for together, prices once per type", async () => {
  const { calls } = await listFrom(ANSWERS, instance);
  const count = (operation: string) => calls.filter((call) => call.operation === operation).length;
  assert.deepEqual([count("GetProducts"), count("ListServiceQuotas")], [4, 1]);
  assert.ok(count("DescribeInstanceTypes") <= 2);
});

Deno.test("instance: one without id does not take the others with it", async () => {
  const listed = await listFrom({
    ...ANSWERS,
    DescribeInstances: () => ({
      Reservations: [{ Instances: [{ InstanceType: "m5.large" }] }, {}, {
        Instances: [{ InstanceId: "i-9" }],
      }],
    }),
  }, instance);
  const node = theNode(listed, "aws_ec2_instance");
  assert.deepEqual([node.id, node.reported["instance_status"]], ["i-9", "unknown"]);
  assert.equal(listed.results["aws_ec2_instance"]?.outcome, "failed");
});
