import assert from "node:assert/strict";
import { autoscalingGroup } from "../../../../../plugins/aws/resources/autoscaling_group.ts";
import { cloudformationStack } from "../../../../../plugins/aws/resources/cloudformation_stack.ts";
import { cloudwatchAlarm } from "../../../../../plugins/aws/resources/cloudwatch_alarm.ts";
import { eksCluster } from "../../../../../plugins/aws/resources/eks.ts";
import { rdsInstance } from "../../../../../plugins/aws/resources/rds_instance.ts";
import { s3Bucket } from "../../../../../plugins/aws/resources/s3_bucket.ts";
import { awsError, edgesOf, listFrom, recorded, theNode } from "../../../../support/aws_listing.ts";

Deno.test("s3Bucket: below a quota that AWS does not know", async () => {
  const listed = await listFrom({ ListBuckets: () => recorded("ListBuckets") }, s3Bucket);
  assert.deepEqual(listed.results, { aws_s3_bucket: { outcome: "complete", faults: [] } });
  const node = theNode(listed, "aws_s3_bucket", "logs");
  assert.deepEqual([node.name, edgesOf(node)], [
    "logs",
    ["from aws_s3_bucket_quota id s3_quota"],
  ]);
  assert.deepEqual([node.reported["ctime"], node.reported["bucket_region"]], [
    new Date("2025-05-01T10:00:00Z"),
    "eu-central-1",
  ]);
  assert.equal(theNode(listed, "aws_s3_bucket_quota", "s3_quota").reported["quota"], -1);
});

Deno.test("s3Bucket: later pages are asked for", async () => {
  const listed = await listFrom({
    ListBuckets: ({ ContinuationToken: token }) =>
      token === undefined
        ? { Buckets: [{ Name: "first" }], ContinuationToken: "next" }
        : { Buckets: [{ Name: "second" }] },
  }, s3Bucket);
  const names = listed.nodes.filter(({ kind }) => kind === "aws_s3_bucket").map(({ id }) => id);
  assert.deepEqual(names, ["first", "second"]);
});

Deno.test("autoscalingGroup: its limits, tags and instances", async () => {
  const listed = await listFrom(
    { DescribeAutoScalingGroups: () => recorded("DescribeAutoScalingGroups") },
    autoscalingGroup,
  );
  const node = theNode(listed, "aws_autoscaling_group", "workers");
  const { min_size, max_size, tags } = node.reported;
  assert.deepEqual([min_size, max_size, tags], [1, 3, { owner: "ada" }]);
  assert.deepEqual(edgesOf(node), ["from aws_ec2_instance id i-1", "from aws_ec2_instance id i-2"]);
});

const DATABASES = {
  DescribeDBInstances: () => recorded("DescribeDBInstances"),
  GetMetricData: () => ({
    MetricDataResults: [{
      Id: "databaseconnections_1",
      Timestamps: [new Date("2026-02-20T08:00:00Z")],
      Values: [2],
    }],
  }),
};

Deno.test("rdsInstance: one without endpoint and subnet group does not stop the others", async () => {
  const listed = await listFrom(DATABASES, rdsInstance);
  assert.deepEqual(listed.results, { aws_rds_instance: { outcome: "complete", faults: [] } });
  const creating = theNode(listed, "aws_rds_instance", "db-1");
  assert.deepEqual([creating.name, creating.reported["db_endpoint"], edgesOf(creating)], [
    "creating",
    "",
    [],
  ]);
  assert.equal(theNode(listed, "aws_rds_instance", "db-2").name, "orders");
});

Deno.test("rdsInstance: properties, last connection and network", async () => {
  const node = theNode(await listFrom(DATABASES, rdsInstance), "aws_rds_instance", "db-2");
  assert.deepEqual({ ...node.reported, ...ORDERS }, node.reported);
  assert.deepEqual(edgesOf(node), [
    "from aws_ec2_security_group id sg-1",
    "from aws_vpc id vpc-1",
    "from aws_ec2_subnet id subnet-1",
    "from aws_ec2_subnet id subnet-2",
  ]);
});

const ORDERS = {
  ctime: new Date("2025-05-01T10:00:00Z"),
  atime: new Date("2026-02-20T08:00:00Z"),
  mtime: new Date("2026-02-20T08:00:00Z"),
  db_type: "postgres",
  db_version: "16.3",
  db_status: "available",
  db_endpoint: "orders.1.eu-west-1.rds.amazonaws.com:5432",
  db_publicly_accessible: true,
  instance_type: "db.m5.large",
  volume_size: 100,
  volume_iops: 3000,
  volume_encrypted: true,
  volume_kms_key_id: "arn:aws:kms:eu-west-1:123456789012:key/1",
};

Deno.test("cloudformationStack: values of parameters are hashed, their names are not", async () => {
  const listed = await listFrom(
    { DescribeStacks: () => recorded("DescribeStacks") },
    cloudformationStack,
  );
  const { reported } = theNode(
    listed,
    "aws_cloudformation_stack",
    "arn:aws:cloudformation:eu-west-1:123456789012:stack/base/1",
  );
  assert.deepEqual(Object.keys(Object(reported["stack_parameters"])), [
    "Stage",
    "Password",
    "Empty",
  ]);
  const hashes: unknown[] = Object.values(Object(reported["stack_parameters"]));
  assert.equal(new Set(hashes).size, 3);
  for (const hash of hashes) assert.match(String(hash), /^hmac-sha256:[0-9a-f]{32}$/);
  assert.ok(!JSON.stringify(reported).includes("hush"));
});

Deno.test("cloudformationStack: states and times; one without parameters has none", async () => {
  const listed = await listFrom(
    { DescribeStacks: () => recorded("DescribeStacks") },
    cloudformationStack,
  );
  const facts = listed.nodes.map(({ name, reported }) => [
    name,
    reported["stack_status"],
    reported["stack_status_reason"],
    reported["mtime"],
  ]);
  assert.deepEqual(facts, [
    ["base", "UPDATE_COMPLETE", "done", new Date("2025-06-01T10:00:00Z")],
    ["bare", "REVIEW_IN_PROGRESS", "", undefined],
  ]);
  assert.deepEqual(listed.nodes[1]?.reported["stack_parameters"], {});
});

Deno.test("eksCluster: later pages of node groups name the cluster, too", async () => {
  const listed = await listFrom({
    ListClusters: () => ({ clusters: ["platform"] }),
    DescribeCluster: () => recorded("DescribeCluster"),
    ListNodegroups: ({ clusterName, nextToken }) => {
      if (clusterName !== "platform") throw awsError("InvalidParameterException");
      return nextToken === undefined
        ? { nodegroups: ["general"], nextToken: "next" }
        : { nodegroups: ["memory"] };
    },
    DescribeNodegroup: ({ clusterName, nodegroupName: name }) => ({
      nodegroup: {
        clusterName,
        nodegroupName: name,
        nodegroupArn: `arn:aws:eks:eu-west-1:123456789012:nodegroup/platform/${name}/1`,
        status: "ACTIVE",
        resources: { autoScalingGroups: [{ name: `eks-${name}` }] },
      },
    }),
  }, eksCluster);
  assert.deepEqual(listed.results, {
    aws_eks_cluster: { outcome: "complete", faults: [] },
    aws_eks_nodegroup: { outcome: "complete", faults: [] },
  });
  const arn = "arn:aws:eks:eu-west-1:123456789012:cluster/platform";
  const above = theNode(listed, "aws_eks_cluster", arn);
  assert.deepEqual([above.reported["cluster_status"], edgesOf(above)], [
    "ACTIVE",
    ["from aws_iam_role arn arn:aws:iam::123456789012:role/cluster"],
  ]);
  const groups = listed.nodes.filter(({ kind }) => kind === "aws_eks_nodegroup");
  assert.deepEqual(groups.map((node) => [node.name, node.orphan, edgesOf(node)]), [
    ["general", true, [
      `from aws_eks_cluster id ${arn}`,
      "from aws_autoscaling_group id eks-general",
    ]],
    ["memory", true, [
      `from aws_eks_cluster id ${arn}`,
      "from aws_autoscaling_group id eks-memory",
    ]],
  ]);
});

Deno.test("cloudwatchAlarm: alarms on metrics, above the instances that they watch", async () => {
  const listed = await listFrom({
    DescribeAlarms: () => recorded("DescribeAlarms"),
    ListTagsForResource: ({ ResourceARN: arn }) => ({ Tags: [{ Key: "arn", Value: arn }] }),
  }, cloudwatchAlarm);
  assert.deepEqual(listed.calls[0]?.input["AlarmTypes"], ["MetricAlarm"]);
  const node = theNode(listed, "aws_cloudwatch_alarm", "busy");
  assert.deepEqual({ ...node.reported, ...BUSY }, node.reported);
  assert.deepEqual(edgesOf(node), ["to aws_ec2_instance id i-1"]);
  const combined = theNode(listed, "aws_cloudwatch_alarm", "combined");
  const { dimensions, threshold, period, actions_enabled } = combined.reported;
  assert.deepEqual([dimensions, threshold, period, actions_enabled, edgesOf(combined)], [
    [],
    0,
    0,
    false,
    [],
  ]);
});

const BUSY = {
  tags: { arn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:busy" },
  ctime: new Date("2025-05-01T10:00:00Z"),
  mtime: new Date("2025-05-01T10:00:00Z"),
  actions_enabled: true,
  alarm_description: "processor is busy",
  alarm_actions: ["arn:aws:sns:eu-west-1:123456789012:alarm"],
  ok_actions: ["arn:aws:sns:eu-west-1:123456789012:fine"],
  dimensions: [{ Name: "InstanceId", Value: "i-1" }, { Name: "ImageId", Value: "ami-1" }],
  evaluation_periods: 2,
  period: 300,
  threshold: 80.5,
  state_value: "OK",
};

Deno.test("cloudwatchAlarm: one that is gone before its tags are read is left out", async () => {
  const listed = await listFrom({
    DescribeAlarms: () => recorded("DescribeAlarms"),
    ListTagsForResource: ({ ResourceARN: arn }) => {
      if (String(arn).endsWith("busy")) throw awsError("ResourceNotFoundException", 404);
      return { Tags: [] };
    },
  }, cloudwatchAlarm);
  assert.deepEqual(listed.results, { aws_cloudwatch_alarm: { outcome: "complete", faults: [] } });
  assert.deepEqual(listed.nodes.map(({ id }) => id), ["combined"]);
});
