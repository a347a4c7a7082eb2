import assert from "node:assert/strict";
import { alb } from "../../../../../plugins/aws/resources/alb.ts";
import { albTargetGroup } from "../../../../../plugins/aws/resources/alb_target_group.ts";
import { elb } from "../../../../../plugins/aws/resources/elb.ts";
import type { Raw } from "../../../../../plugins/aws/resource.ts";
import {
  type Answers,
  awsError,
  edgesOf,
  listFrom,
  recorded,
  theNode,
} from "../../../../support/aws_listing.ts";

const ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:";
const CERTIFICATE = "arn:aws:iam::123456789012:server-certificate/web";
const QUOTAS = { ListServiceQuotas: () => recorded("ListServiceQuotas.elasticloadbalancing") };
const CLASSIC: Answers = {
  ...QUOTAS,
  DescribeLoadBalancers: () => recorded("DescribeLoadBalancers.elb"),
  DescribeTags: tagsByName,
};
const BALANCERS: Answers = {
  ...QUOTAS,
  DescribeLoadBalancers: () => recorded("DescribeLoadBalancers.elbv2"),
  DescribeTags: ({ ResourceArns: arns }) => ({
    TagDescriptions: listOf(arns).map((arn) => ({
      ResourceArn: arn,
      Tags: [{ Key: "arn", Value: arn }],
    })),
  }),
  DescribeListeners: ({ LoadBalancerArn: arn }) =>
    arn === `${ARN}loadbalancer/app/app/1` ? recorded("DescribeListeners") : { Listeners: [] },
  DescribeTargetGroups: () => recorded("DescribeTargetGroups"),
  DescribeTargetHealth: ({ TargetGroupArn: arn }) =>
    arn === `${ARN}targetgroup/servers/1`
      ? recorded("DescribeTargetHealth")
      : { TargetHealthDescriptions: [{ Target: { Id: "i-2", Port: 80 } }, target("i-3")] },
};

function target(id: string) {
  return { Target: { Id: id, Port: 80 } };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function tagsByName({ LoadBalancerNames: names }: Raw) {
  return {
    TagDescriptions: listOf(names).map((name) => ({
      LoadBalancerName: name,
      Tags: [{ Key: "name", Value: name }],
    })),
  };
}

function classics(count: number): Answers {
  return {
    ...CLASSIC,
    DescribeLoadBalancers: () => ({
      LoadBalancerDescriptions: Array.from({ length: count }, (_, i) => ({
        LoadBalancerName: `lb-${i}`,
        DNSName: `lb-${i}.example.org`,
      })),
    }),
  };
}

/** Fails for one target group, answers for the others. */
function exceptOne(name: string, code: string, status: number): Answers {
  return {
    ...BALANCERS,
    DescribeTargetHealth: (input, region) => {
      if (input["TargetGroupArn"] === `${ARN}targetgroup/${name}/1`) throw awsError(code, status);
      return BALANCERS["DescribeTargetHealth"]?.(input, region);
    },
  };
}

Deno.test("elb: known by its DNS name, below all that it needs", async () => {
  const listed = await listFrom(CLASSIC, elb);
  assert.deepEqual(listed.results, { aws_elb: { outcome: "complete", faults: [] } });
  const node = theNode(listed, "aws_elb", "classic-1.eu-west-1.elb.amazonaws.com");
  assert.equal(node.name, "classic");
  const { tags, lb_type, backends, ctime } = node.reported;
  assert.deepEqual([tags, lb_type, backends, ctime], [
    { name: "classic" },
    "elb",
    ["i-1", "i-2"],
    new Date("2025-05-01T10:00:00Z"),
  ]);
  assert.deepEqual(edgesOf(node), [
    "from aws_elb_quota id elb_quota",
    "from aws_vpc id vpc-1",
    "from aws_ec2_instance id i-1",
    "from aws_ec2_instance id i-2",
    "from aws_ec2_subnet id subnet-1",
    "from aws_ec2_subnet id subnet-2",
    "from aws_ec2_security_group id sg-1",
    `from aws_iam_server_certificate arn ${CERTIFICATE}`,
  ]);
  assert.equal(theNode(listed, "aws_elb_quota", "elb_quota").reported["quota"], 25);
});

Deno.test("elb: tags come for 20 load balancers at once", async () => {
  const listed = await listFrom(classics(45), elb);
  const sizes = listed.calls.filter(({ operation }) => operation === "DescribeTags")
    .map(({ input }) => listOf(input["LoadBalancerNames"]).length);
  assert.deepEqual(sizes, [20, 20, 5]);
  const last = theNode(listed, "aws_elb", "lb-44.example.org");
  assert.deepEqual(last.reported["tags"], { name: "lb-44" });
});

Deno.test("elb: one that is gone meanwhile costs the others nothing", async () => {
  const listed = await listFrom({
    ...classics(3),
    DescribeTags: (input) => {
      if (listOf(input["LoadBalancerNames"]).includes("lb-1")) {
        throw awsError("LoadBalancerNotFound");
      }
      return tagsByName(input);
    },
  }, elb);
  assert.deepEqual(listed.results, { aws_elb: { outcome: "complete", faults: [] } });
  const tags = listed.nodes.filter(({ kind }) => kind === "aws_elb")
    .map(({ name, reported }) => [name, reported["tags"]]);
  assert.deepEqual(tags, [["lb-0", { name: "lb-0" }], ["lb-2", { name: "lb-2" }]]);
});

Deno.test("alb: below its VPC and the certificates of its listeners", async () => {
  const listed = await listFrom(BALANCERS, alb);
  assert.deepEqual(listed.results, { aws_alb: { outcome: "complete", faults: [] } });
  const node = theNode(listed, "aws_alb", "app");
  assert.deepEqual(edgesOf(node), [
    "from aws_alb_quota id alb_quota",
    "from aws_vpc id vpc-1",
    "from aws_ec2_subnet id subnet-1",
    "from aws_ec2_subnet id subnet-2",
    "from aws_ec2_security_group id sg-1",
    `from aws_iam_server_certificate arn ${CERTIFICATE}`,
  ]);
  assert.deepEqual(node.targets, { arn: `${ARN}loadbalancer/app/app/1` });
  assert.deepEqual([node.reported["lb_type"], node.reported["tags"]], [
    "alb",
    { arn: `${ARN}loadbalancer/app/app/1` },
  ]);
  assert.equal(theNode(listed, "aws_alb_quota", "alb_quota").reported["quota"], 50);
});

Deno.test("alb: its backends are the instances of all its target groups", async () => {
  const listed = await listFrom(BALANCERS, alb);
  assert.deepEqual(theNode(listed, "aws_alb", "app").reported["backends"], ["i-1", "i-2", "i-3"]);
  assert.deepEqual(theNode(listed, "aws_alb", "net").reported["backends"], ["i-2", "i-3"]);
});

Deno.test("alb: only groups of instances are asked for their targets", async () => {
  const { calls } = await listFrom(BALANCERS, alb);
  const asked = calls.filter(({ operation }) => operation === "DescribeTargetHealth")
    .map(({ input }) => input["TargetGroupArn"]);
  assert.deepEqual(asked, ["servers", "shop", "streams"].map((n) => `${ARN}targetgroup/${n}/1`));
});

Deno.test("alb: targets that cannot be read leave other load balancers alone", async () => {
  const listed = await listFrom(exceptOne("streams", "AccessDenied", 403), alb);
  assert.equal(listed.results["aws_alb"]?.outcome, "partial");
  assert.deepEqual(theNode(listed, "aws_alb", "net").keep, ["backends"]);
  const app = theNode(listed, "aws_alb", "app");
  assert.deepEqual([app.keep, app.reported["backends"]], [undefined, ["i-1", "i-2", "i-3"]]);
});

Deno.test("alb: a secret of a listener is not stored", async () => {
  const { reported } = theNode(await listFrom(BALANCERS, alb), "aws_alb", "app");
  const listeners = JSON.stringify(reported["listeners"]);
  assert.ok(listeners.includes("client_secret"));
  assert.ok(!listeners.includes("hush"));
});

Deno.test("albTargetGroup: between its instances and its load balancers", async () => {
  const listed = await listFrom(BALANCERS, albTargetGroup);
  assert.deepEqual(listed.results, { aws_alb_target_group: { outcome: "complete", faults: [] } });
  const edges = (id: string) => edgesOf(theNode(listed, "aws_alb_target_group", id));
  assert.deepEqual(edges("servers"), [
    "from aws_vpc id vpc-1",
    "from aws_ec2_instance id i-1",
    "from aws_ec2_instance id i-2",
    `to aws_alb arn ${ARN}loadbalancer/app/app/1`,
  ]);
  assert.deepEqual(edges("hosts"), [
    "from aws_vpc id vpc-1",
    `to aws_alb arn ${ARN}loadbalancer/app/app/1`,
  ]);
  assert.deepEqual(edges("function"), []);
  const types = ["servers", "hosts", "function"].map((id) =>
    theNode(listed, "aws_alb_target_group", id).reported["target_type"]
  );
  assert.deepEqual(types, ["instance", "ip", "lambda"]);
});

Deno.test("albTargetGroup: one that is gone meanwhile has no targets and is no fault", async () => {
  const listed = await listFrom(exceptOne("shop", "TargetGroupNotFound", 400), albTargetGroup);
  assert.deepEqual(listed.results, { aws_alb_target_group: { outcome: "complete", faults: [] } });
  assert.deepEqual(edgesOf(theNode(listed, "aws_alb_target_group", "shop")), [
    "from aws_vpc id vpc-1",
    `to aws_alb arn ${ARN}loadbalancer/app/app/1`,
  ]);
});

Deno.test("albTargetGroup: targets that cannot be read keep the edges of that group", async () => {
  const listed = await listFrom(exceptOne("shop", "AccessDenied", 403), albTargetGroup);
  assert.equal(listed.results["aws_alb_target_group"]?.outcome, "partial");
  const kept = (id: string) => theNode(listed, "aws_alb_target_group", id).keep;
  assert.deepEqual([kept("shop"), kept("servers")], [["$edges"], undefined]);
});
