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
  read: call("DescribeInternetGateways", "InternetGateways[]", { InternetGatewayIds: ["$id"] }),
  cleanup: {
    // It stays attached while addresses of the network are mapped to something.
    first: [
      { kind: "aws_ec2_elastic_ip", sharing: "aws_vpc" },
      { kind: "aws_ec2_instance", sharing: "aws_vpc" },
      { kind: "aws_ec2_nat_gateway", sharing: "aws_vpc" },
      { kind: "aws_ec2_network_interface", sharing: "aws_vpc" },
      { kind: "aws_alb", sharing: "aws_vpc" },
      { kind: "aws_elb", sharing: "aws_vpc" },
    ],
    loose: { attachments: [] },
  },
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
