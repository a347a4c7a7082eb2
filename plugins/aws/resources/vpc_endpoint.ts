import { by, call, change, defineResource, from } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** VPC endpoints. */
export const vpcEndpoint = defineResource({
  kind: "aws_vpc_endpoint",
  bases: ["aws_resource", "endpoint"],
  pythonClass: "AWSVPCEndpoint",
  description: "Reaches a service from a VPC without the internet.",
  service: "ec2",
  scope: "region",
  collector: "vpc_endpoints",
  list: call("DescribeVpcEndpoints", "VpcEndpoints[]"),
  id: "VpcEndpointId",
  ctime: "CreationTimestamp",
  properties: {
    vpc_endpoint_type: { value: "VpcEndpointType", default: "" },
    vpc_endpoint_status: { value: "State", default: "" },
  },
  edges: [
    from("aws_vpc", by("id", "VpcId")),
    from("aws_ec2_route_table", by("id", "RouteTableIds[]")),
    from("aws_ec2_subnet", by("id", "SubnetIds[]")),
    from("aws_ec2_security_group", by("id", "Groups[].GroupId")),
    from("aws_ec2_network_interface", by("id", "NetworkInterfaceIds[]")),
  ],
  read: call("DescribeVpcEndpoints", "VpcEndpoints[]", { VpcEndpointIds: ["$id"] }),
  cleanup: { ended: [{ vpc_endpoint_status: ["deleted", "Deleted"] }] },
  missing: ["InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"],
  change: {
    ...ec2Tagging,
    delete: [
      change("DeleteVpcEndpoints", { VpcEndpointIds: ["$id"] }, { undone: "Unsuccessful[]" }),
    ],
  },
});
