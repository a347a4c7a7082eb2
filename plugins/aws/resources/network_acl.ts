import { by, call, change, defineResource, from, to } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** Network access control lists. */
export const networkAcl = defineResource({
  kind: "aws_ec2_network_acl",
  bases: ["aws_resource", "network_acl"],
  pythonClass: "AWSEC2NetworkAcl",
  description: "Rules for the traffic of subnets.",
  service: "ec2",
  scope: "region",
  collector: "network_acls",
  list: call("DescribeNetworkAcls", "NetworkAcls[]"),
  id: "NetworkAclId",
  properties: { is_default: { value: "IsDefault", default: false } },
  edges: [
    from("aws_vpc", by("id", "VpcId")),
    to("aws_ec2_subnet", by("id", "Associations[].SubnetId")),
  ],
  cleanup: {
    along: [{ with: ["aws_vpc"], when: { is_default: [true] }, only: true }],
    loose: { associations: [] },
  },
  missing: ["InvalidNetworkAclID.NotFound"],
  change: { ...ec2Tagging, delete: [change("DeleteNetworkAcl", { NetworkAclId: "$id" })] },
});
