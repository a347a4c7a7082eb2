import { by, call, change, defineResource, from } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** Subnets. */
export const subnet = defineResource({
  kind: "aws_ec2_subnet",
  bases: ["aws_resource", "subnet"],
  pythonClass: "AWSEC2Subnet",
  description: "A range of addresses of a VPC in one availability zone.",
  service: "ec2",
  scope: "region",
  collector: "subnets",
  list: call("DescribeSubnets", "Subnets[]"),
  id: "SubnetId",
  arn: "SubnetArn",
  volatile: ["available_ip_address_count"],
  edges: [from("aws_vpc", by("id", "VpcId"))],
  read: call("DescribeSubnets", "Subnets[]", { SubnetIds: ["$id"] }),
  missing: ["InvalidSubnetID.NotFound"],
  change: { ...ec2Tagging, delete: [change("DeleteSubnet", { SubnetId: "$id" })] },
});
