import { by, call, change, constant, defineResource, from } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";
import { quota } from "../hooks/quota.ts";

/** Internet gateways and their quota. */
export const internetGateway = defineResource({
  kind: "aws_ec2_internet_gateway",
  bases: ["aws_resource", "gateway"],
  pythonClass: "AWSEC2InternetGateway",
  description: "Connects a VPC to the internet.",
  service: "ec2",
  scope: "region",
  collector: "internet_gateways",
  list: call("DescribeInternetGateways", "InternetGateways[]"),
  id: "InternetGatewayId",
  edges: [
    from("aws_ec2_internet_gateway_quota", by("id", constant("igw_quota"))),
    from("aws_vpc", by("id", "Attachments[].VpcId")),
  ],
  companions: [quota({
    kind: "aws_ec2_internet_gateway_quota",
    bases: ["aws_resource", "gateway_quota"],
    pythonClass: "AWSEC2InternetGatewayQuota",
    id: "igw_quota",
    of: ["vpc", "Internet gateways per Region"],
  })],
  missing: ["InvalidInternetGatewayID.NotFound"],
  change: {
    ...ec2Tagging,
    prepare: [change("DetachInternetGateway", {
      InternetGatewayId: "$id",
      VpcId: "$each.VpcId",
    }, {
      each: call("DescribeInternetGateways", "InternetGateways[].Attachments[]", {
        InternetGatewayIds: ["$id"],
      }),
    })],
    delete: [change("DeleteInternetGateway", { InternetGatewayId: "$id" })],
  },
});
