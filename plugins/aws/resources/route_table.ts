import { by, call, change, defineResource, from } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** Route tables. */
export const routeTable = defineResource({
  kind: "aws_ec2_route_table",
  bases: ["aws_resource", "routing_table"],
  pythonClass: "AWSEC2RouteTable",
  description: "Routes that subnets of a VPC follow.",
  service: "ec2",
  scope: "region",
  collector: "route_tables",
  list: call("DescribeRouteTables", "RouteTables[]"),
  id: "RouteTableId",
  edges: [from("aws_vpc", by("id", "VpcId"))],
  read: call("DescribeRouteTables", "RouteTables[]", { RouteTableIds: ["$id"] }),
  cleanup: {
    along: [{ with: ["aws_vpc"], when: { "associations[].main": [true] }, only: true }],
    // A gateway that goes leaves its routes behind as black holes.
    first: [{ kind: "aws_ec2_nat_gateway", sharing: "aws_vpc" }],
    loose: { associations: [], routes: ["blackhole"] },
  },
  missing: ["InvalidRouteTableID.NotFound"],
  change: {
    ...ec2Tagging,
    prepare: [change("DisassociateRouteTable", {
      AssociationId: "$each.RouteTableAssociationId",
    }, {
      each: call("DescribeRouteTables", "RouteTables[].Associations[]", {
        RouteTableIds: ["$id"],
      }),
      unless: ["$each.Main"],
    })],
    delete: [change("DeleteRouteTable", { RouteTableId: "$id" })],
  },
});
