import { by, call, change, type Companion, defineResource, from, type Tools } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";
import { GROUP_QUOTAS, quotaGroup, TYPE_QUOTAS } from "../hooks/instance_quota.ts";
import { INSTANCE_SIZES } from "../hooks/instance_sizes.ts";
import { instancePrices } from "../hooks/prices.ts";
import { number, text } from "../engine/path.ts";
import { RESERVATIONS, reservations } from "../hooks/reservations.ts";

/** The types of the instances of a region, and those that are reserved without one. */
const type: Companion = {
  kind: "aws_ec2_instance_type",
  bases: ["aws_resource", "instance_type"],
  pythonClass: "AWSEC2InstanceType",
  description: "Size, hourly price and reservations of the instances of one type in a region.",
  phantom: true,
  list: {
    // The call of the hook below, whose answer it shares.
    operations: [],
    async *make(tools) {
      for (const name of await typeNames(tools)) yield { InstanceType: name };
    },
  },
  id: "InstanceType",
  attach: {
    Size: INSTANCE_SIZES,
    Price: instancePrices("InstanceType"),
    Quota: TYPE_QUOTAS,
    Reservations: RESERVATIONS,
  },
  properties: {
    instance_type: "InstanceType",
    instance_cores: (raw) => number(raw, "Size.Cores") ?? number(raw, "Price.Cores"),
    instance_memory: (raw) => number(raw, "Size.Memory") ?? number(raw, "Price.Memory"),
    ondemand_cost: "Price.OnDemand",
    quota: "Quota",
    quota_type: (raw) => quotaGroup(text(raw, "InstanceType") ?? "").unit,
    reservations: "Reservations",
  },
  edges: [
    from(
      "aws_ec2_instance_quota",
      by("id", (raw) => quotaGroup(text(raw, "InstanceType") ?? "").id),
    ),
  ],
};

/** The limits that count those types. */
const quota: Companion = {
  kind: "aws_ec2_instance_quota",
  bases: ["aws_resource", "instance_quota"],
  pythonClass: "AWSEC2InstanceQuota",
  description: "Limit for running instances of a group of types in a region.",
  phantom: true,
  list: {
    operations: [],
    async *make(tools) {
      const groups = (await typeNames(tools)).map(quotaGroup);
      for (
        const { id, unit, names } of new Map(groups.map((group) => [group.id, group])).values()
      ) {
        yield { Id: id, Unit: unit, Names: names };
      }
    },
  },
  id: "Id",
  attach: { Value: GROUP_QUOTAS },
  properties: {
    quota: { value: "Value", default: -1 },
    quota_type: "Unit",
    instance_type: "Id",
  },
};

/**
 * Instances with their types and quotas. A terminated one is listed for about an hour more; its
 * status says so.
 */
export const instance = defineResource({
  kind: "aws_ec2_instance",
  bases: ["aws_resource", "instance"],
  pythonClass: "AWSEC2Instance",
  description: "A virtual machine.",
  service: "ec2",
  scope: "region",
  collector: "instances",
  list: call("DescribeInstances", "Reservations[].Instances[]", { MaxResults: 1000 }),
  id: "InstanceId",
  ctime: "LaunchTime",
  attach: { Size: INSTANCE_SIZES },
  properties: {
    instance_cores: ["Size.Cores", "CpuOptions.CoreCount"],
    instance_memory: "Size.Memory",
    instance_status: {
      value: "State.Name",
      map: {
        pending: "busy",
        "shutting-down": "busy",
        stopping: "busy",
        busy: "busy",
        running: "running",
        stopped: "stopped",
        terminated: "terminated",
      },
      default: "unknown",
    },
  },
  edges: [
    from("aws_ec2_instance_type", by("id", "InstanceType")),
    from("aws_ec2_keypair", by("name", "KeyName")),
    from("aws_iam_instance_profile", by("arn", "IamInstanceProfile.Arn")),
    from("aws_vpc", by("id", "VpcId")),
    from("aws_ec2_subnet", by("id", "SubnetId")),
    from("aws_ec2_security_group", by("id", "SecurityGroups[].GroupId")),
  ],
  gather: { types: "InstanceType" },
  companions: [type, quota],
  read: call("DescribeInstances", "Reservations[].Instances[]", { InstanceIds: ["$id"] }),
  cleanup: {
    ended: [{ instance_status: ["terminated"] }],
    along: [{ with: ["aws_autoscaling_group"], when: {} }],
  },
  missing: ["InvalidInstanceID.NotFound"],
  change: {
    ...ec2Tagging,
    // Terminating what is terminated already succeeds.
    delete: [change("TerminateInstances", { InstanceIds: ["$id"] })],
  },
});

async function typeNames(tools: Tools): Promise<readonly string[]> {
  const reserved = tools.wants("reserved_instances") ? await reservedTypes(tools) : [];
  return [...new Set([...tools.gathered("types"), ...reserved])].sort();
}

/** A failure is reported by the hook of the types, or here where there is no type for it. */
async function reservedTypes(tools: Tools): Promise<Iterable<string>> {
  try {
    return (await reservations(tools)).keys();
  } catch (error) {
    if (tools.gathered("types").size === 0) tools.fault(error);
    return [];
  }
}
