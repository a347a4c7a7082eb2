import { by, call, change, defineResource, from } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** NAT gateways. Deleted ones are listed for about an hour more; their status says so. */
export const natGateway = defineResource({
  kind: "aws_ec2_nat_gateway",
  bases: ["aws_resource", "gateway"],
  pythonClass: "AWSEC2NATGateway",
  description: "Lets instances of private subnets reach out.",
  service: "ec2",
  scope: "region",
  collector: "nat_gateways",
  list: call("DescribeNatGateways", "NatGateways[]"),
  id: "NatGatewayId",
  ctime: "CreateTime",
  properties: { nat_gateway_status: { value: "State", default: "" } },
  edges: [
    from("aws_vpc", by("id", "VpcId")),
    from("aws_ec2_subnet", by("id", "SubnetId")),
    from("aws_ec2_network_interface", by("id", "NatGatewayAddresses[].NetworkInterfaceId")),
  ],
  read: call("DescribeNatGateways", "NatGateways[]", { NatGatewayIds: ["$id"] }),
  cleanup: { ended: [{ nat_gateway_status: ["deleted"] }] },
  missing: ["NatGatewayNotFound", "InvalidNatGatewayID.NotFound"],
  change: { ...ec2Tagging, delete: [change("DeleteNatGateway", { NatGatewayId: "$id" })] },
});
