import assert from "node:assert/strict";
import { volume } from "../../../../../plugins/aws/resources/volume.ts";
import {
  type Answers,
  awsError,
  edgesOf,
  listFrom,
  recorded,
  recordedList,
  theNode,
} from "../../../../support/aws_listing.ts";
import { PLACE } from "../../../../support/aws_tools.ts";

const GP3 = { PriceList: recordedList("GetProducts.gp3").map((each) => JSON.stringify(each)) };
const READ = new Date("2026-02-20T08:00:00Z");
const ANSWERS: Answers = {
  DescribeVolumes: () => recorded("DescribeVolumes"),
  GetProducts: (input) => JSON.stringify(input).includes("gp3") ? GP3 : { PriceList: [] },
  ListServiceQuotas: () => recorded("ListServiceQuotas.ebs"),
  GetMetricData: () => ({
    MetricDataResults: [{ Id: "volumereadops_0", Timestamps: [READ], Values: [4] }],
  }),
};

Deno.test("volume: properties, its type and the instance that has it", async () => {
  const listed = await listFrom(ANSWERS, volume);
  assert.deepEqual(listed.results, { aws_ec2_volume: { outcome: "complete", faults: [] } });
  const node = theNode(listed, "aws_ec2_volume", "vol-1");
  assert.equal(node.name, "data");
  const { reported } = node;
  assert.deepEqual(reported["ctime"], new Date("2026-01-10T08:31:00Z"));
  assert.deepEqual({ ...reported, ...EXPECTED }, reported);
  assert.deepEqual(edgesOf(node), [
    "from aws_ec2_volume_type id gp3",
    "to aws_ec2_instance id i-1",
  ]);
});

const EXPECTED = {
  volume_size: 20,
  volume_type: "gp3",
  volume_status: "in-use",
  volume_iops: 3000,
  volume_throughput: 150,
  volume_encrypted: true,
  volume_kms_key_id: "arn:aws:kms:eu-west-1:123456789012:key/1",
  volume_multi_attach_enabled: false,
  volume_outpost_arn: "arn:aws:outposts:eu-west-1:123456789012:outpost/op-1",
  volume_snapshot_id: "",
  snapshot_before_delete: false,
};

Deno.test("volume: io2 has a type with price and quota like any other", async () => {
  const listed = await listFrom(ANSWERS, volume);
  assert.ok(
    edgesOf(theNode(listed, "aws_ec2_volume", "vol-2"))
      .includes("from aws_ec2_volume_type id io2"),
  );
  const facts = (id: string) => {
    const { phantom, reported } = theNode(listed, "aws_ec2_volume_type", id);
    return [phantom, reported["volume_type"], reported["ondemand_cost"], reported["quota"]];
  };
  assert.deepEqual(facts("io2"), [true, "io2", 0, 20]);
  assert.deepEqual(facts("gp3"), [true, "gp3", 0.088, 50]);
});

Deno.test("volume: a limit under its earlier name counts", async () => {
  const node = theNode(await listFrom(ANSWERS, volume), "aws_ec2_volume_type", "standard");
  assert.equal(node.reported["quota"], 300);
});

Deno.test("volume: what is not available is in use now, the rest when CloudWatch says", async () => {
  const listed = await listFrom(ANSWERS, volume);
  const times = (id: string) => {
    const { reported } = theNode(listed, "aws_ec2_volume", id);
    return [reported["atime"], reported["mtime"]];
  };
  assert.deepEqual(times("vol-1"), [PLACE.now, undefined]);
  assert.deepEqual(times("vol-3"), [PLACE.now, undefined]);
  assert.deepEqual(times("vol-2"), [READ, new Date("2026-02-10T08:31:00Z")]);
});

Deno.test("volume: without metrics an available one has no times, an attached one has", async () => {
  const listed = await listFrom(ANSWERS, volume, { noCollect: ["metrics"] });
  assert.ok(!listed.calls.some(({ operation }) => operation === "GetMetricData"));
  const available = theNode(listed, "aws_ec2_volume", "vol-2");
  assert.equal(available.reported["atime"], undefined);
  assert.deepEqual(available.keep, ["mtime", "atime"]);
  const attached = theNode(listed, "aws_ec2_volume", "vol-1");
  assert.deepEqual([attached.reported["atime"], attached.keep ?? []], [PLACE.now, []]);
});

Deno.test("volume: denied metrics keep the times of available volumes alone", async () => {
  const listed = await listFrom({
    ...ANSWERS,
    GetMetricData: () => {
      throw awsError("AccessDenied", 403);
    },
  }, volume);
  assert.equal(listed.results["aws_ec2_volume"]?.outcome, "partial");
  assert.deepEqual(
    ["vol-1", "vol-2"].map((id) => theNode(listed, "aws_ec2_volume", id).keep ?? []),
    [[], ["mtime", "atime"]],
  );
});

Deno.test("volume: states map to six words", async () => {
  const states = ["creating", "available", "in-use", "deleting", "deleted", "error", "odd"];
  const { nodes } = await listFrom({
    ...ANSWERS,
    DescribeVolumes: () => ({
      Volumes: states.map((State, index) => ({ VolumeId: `vol-${index}`, State })),
    }),
  }, volume);
  const volumes = nodes.filter(({ kind }) => kind === "aws_ec2_volume");
  assert.deepEqual(volumes.map(({ reported }) => reported["volume_status"]), [
    "busy",
    "available",
    "in-use",
    "busy",
    "deleted",
    "error",
    "unknown",
  ]);
});

Deno.test("volume: times of access are no change", () => {
  assert.deepEqual(volume.volatile, ["atime", "mtime"]);
});
