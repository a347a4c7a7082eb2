import { by, call, change, type Compute, defineResource, from } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";
import { text } from "../engine/path.ts";

/** VPC peering connections. */
export const vpcPeeringConnection = defineResource({
  kind: "aws_vpc_peering_connection",
  bases: ["aws_resource", "peering_connection"],
  pythonClass: "AWSVPCPeeringConnection",
  description: "Connects two VPCs, of other accounts and regions, too.",
  service: "ec2",
  scope: "region",
  collector: "vpc_peering_connections",
  list: call("DescribeVpcPeeringConnections", "VpcPeeringConnections[]"),
  id: "VpcPeeringConnectionId",
  properties: { vpc_peering_connection_status: { value: "Status.Code", default: "" } },
  edges: [
    from("aws_vpc", by("id", here("AccepterVpcInfo"))),
    from("aws_vpc", by("id", here("RequesterVpcInfo"))),
  ],
  read: call("DescribeVpcPeeringConnections", "VpcPeeringConnections[]", {
    VpcPeeringConnectionIds: ["$id"],
  }),
  cleanup: {
    ended: [{ vpc_peering_connection_status: ["deleted", "expired", "failed"] }],
  },
  missing: ["InvalidVpcPeeringConnectionID.NotFound"],
  change: {
    ...ec2Tagging,
    delete: [change("DeleteVpcPeeringConnection", { VpcPeeringConnectionId: "$id" })],
  },
});

/** The VPC of one side, if it lies in this region: both regions list the connection. */
function here(side: string): Compute {
  return (raw, place) =>
    text(raw, `${side}.Region`) === place.region ? text(raw, `${side}.VpcId`) : undefined;
}
