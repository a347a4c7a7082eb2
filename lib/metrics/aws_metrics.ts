import type { Definition } from "./definition.ts";

/**
 * Calls behind each collector of the original AWS plugin; the name is part of a metric's name. A
 * call that answers for several of them is behind none.
 */
export const AWS_COLLECTORS = {
  collect_vpcs: ["ec2:DescribeVpcs"],
  collect_subnets: ["ec2:DescribeSubnets"],
  collect_route_tables: ["ec2:DescribeRouteTables"],
  collect_security_groups: ["ec2:DescribeSecurityGroups"],
  collect_internet_gateways: ["ec2:DescribeInternetGateways"],
  collect_instances: ["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"],
  collect_keypairs: ["ec2:DescribeKeyPairs"],
  collect_autoscaling_groups: ["auto-scaling:DescribeAutoScalingGroups"],
  collect_reserved_instances: ["ec2:DescribeReservedInstances"],
  collect_volumes: ["ec2:DescribeVolumes"],
  collect_snapshots: ["ec2:DescribeSnapshots"],
  collect_network_interfaces: ["ec2:DescribeNetworkInterfaces"],
  collect_network_acls: ["ec2:DescribeNetworkAcls"],
  collect_nat_gateways: ["ec2:DescribeNatGateways"],
  collect_vpc_peering_connections: ["ec2:DescribeVpcPeeringConnections"],
  collect_vpc_endpoints: ["ec2:DescribeVpcEndpoints"],
  collect_s3_buckets: ["s3:ListBuckets"],
  collect_elbs: ["elb:DescribeLoadBalancers", "elb:DescribeTags"],
  collect_alb_target_groups: ["elbv2:DescribeTargetGroups", "elbv2:DescribeTargetHealth"],
  collect_albs: ["elbv2:DescribeLoadBalancers", "elbv2:DescribeListeners"],
  collect_rds_instances: ["rds:DescribeDBInstances"],
  collect_iam_account_summary: ["iam:GetAccountSummary", "iam:GetAccountPasswordPolicy"],
  collect_iam_policies: ["iam:ListPolicies"],
  collect_iam_instance_profiles: ["iam:ListInstanceProfiles"],
  collect_iam_users: ["iam:ListUsers", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"],
  collect_iam_server_certificates: ["iam:ListServerCertificates"],
  collect_cloudformation_stacks: ["cloudformation:DescribeStacks"],
  collect_eks_clusters: ["eks:ListClusters", "eks:DescribeCluster"],
  get_eks_nodegroups: ["eks:ListNodegroups", "eks:DescribeNodegroup"],
  collect_elastic_ips: ["ec2:DescribeAddresses"],
  collect_cloudwatch_alarms: ["cloudwatch:DescribeAlarms"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Name of a collector of the original AWS plugin. */
export type AwsCollector = keyof typeof AWS_COLLECTORS;

/** Calls that make a session; their errors are errors of a session. */
export const AWS_SESSION_CALLS: ReadonlySet<string> = new Set([
  "sts:AssumeRole",
  "sts:GetCallerIdentity",
]);

const COLLECTOR_OF_CALL: ReadonlyMap<string, AwsCollector> = new Map(
  awsCollectors().flatMap((collector) =>
    AWS_COLLECTORS[collector].map((call) => [call, collector] as const)
  ),
);

/** The collector that a call belonged to; undefined when it belonged to none or to several. */
export function awsCollectorOf(call: string): AwsCollector | undefined {
  return COLLECTOR_OF_CALL.get(call);
}

/** Name of the metric of a collector's time. */
export function awsSecondsName(collector: AwsCollector): AwsSecondsName {
  return `cloudkeeper_plugin_aws_${collector}_seconds`;
}

/** Name of the metric of some collector's time. */
export type AwsSecondsName = `cloudkeeper_plugin_aws_${AwsCollector}_seconds`;

/** Metrics of the original AWS plugin apart from the times of its collectors. */
export const AWS_METRICS = [
  {
    name: "cloudkeeper_plugin_aws_session_exceptions_total",
    type: "counter",
    labels: [],
    help: "Failed calls for a session: sts:AssumeRole, sts:GetCallerIdentity",
  },
  {
    name: "cloudkeeper_plugin_aws_unhandled_account_exceptions_total",
    type: "counter",
    labels: ["account"],
    help: "Runs in which nothing of the account was looked at conclusively",
  },
  {
    name: "cloudkeeper_plugin_aws_unhandled_collector_exceptions_total",
    type: "counter",
    labels: ["account", "region", "collector"],
    help: "Runs in which a call of the collector ended denied, throttled out or failed there",
  },
  {
    name: "cloudkeeper_plugin_aws_collect_seconds",
    type: "summary",
    labels: [],
    help: "Time of answers to all calls in one account",
  },
] as const satisfies readonly Definition[];

/** The time of each collector, as metrics. */
export const AWS_SECONDS: readonly (Definition & {
  readonly name: AwsSecondsName;
  readonly type: "summary";
  readonly labels: readonly [];
})[] = awsCollectors().map((collector) => ({
  name: awsSecondsName(collector),
  type: "summary",
  labels: [],
  help: `Time of answers in one account and region: ${AWS_COLLECTORS[collector].join(", ")}`,
}));

function awsCollectors(): readonly AwsCollector[] {
  const names: AwsCollector[] = [];
  for (const name in AWS_COLLECTORS) if (isCollector(name)) names.push(name);
  return names;
}

function isCollector(name: string): name is AwsCollector {
  return Object.hasOwn(AWS_COLLECTORS, name);
}
