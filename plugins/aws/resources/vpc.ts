import { by, call, change, constant, defineResource, from } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";
import { quota } from "../hooks/quota.ts";

/** VPCs; the default one is protected from clean-up. */
export const vpc = defineResource({
  kind: "aws_vpc",
  bases: ["aws_resource", "network"],
  pythonClass: "AWSVPC",
  description: "A network of the account's own.",
  service: "ec2",
  scope: "region",
  collector: "vpcs",
  list: call("DescribeVpcs", "Vpcs[]"),
  id: "VpcId",
  protect: "IsDefault",
  properties: { is_default: { value: "IsDefault", default: false } },
  edges: [from("aws_vpc_quota", by("id", constant("vpc_quota")))],
  companions: [quota({
    kind: "aws_vpc_quota",
    bases: ["aws_resource", "network_quota"],
    pythonClass: "AWSVPCQuota",
    id: "vpc_quota",
    of: ["vpc", "VPCs per Region"],
  })],
  read: call("DescribeVpcs", "Vpcs[]", { VpcIds: ["$id"] }),
  cleanup: {
    never: [{ is_default: [true] }],
  },
  missing: ["InvalidVpcID.NotFound"],
  change: {
    ...ec2Tagging,
    delete: [change("DeleteVpc", { VpcId: "$id" })],
  },
});
