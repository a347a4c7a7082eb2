import assert from "node:assert/strict";
import type { Resource } from "../../../../../plugins/aws/resource.ts";
import { internetGateway } from "../../../../../plugins/aws/resources/internet_gateway.ts";
import { natGateway } from "../../../../../plugins/aws/resources/nat_gateway.ts";
import { networkAcl } from "../../../../../plugins/aws/resources/network_acl.ts";
import { networkInterface } from "../../../../../plugins/aws/resources/network_interface.ts";
import { routeTable } from "../../../../../plugins/aws/resources/route_table.ts";
import { securityGroup } from "../../../../../plugins/aws/resources/security_group.ts";
import { subnet } from "../../../../../plugins/aws/resources/subnet.ts";
import { vpc } from "../../../../../plugins/aws/resources/vpc.ts";
import { vpcEndpoint } from "../../../../../plugins/aws/resources/vpc_endpoint.ts";
import { vpcPeeringConnection } from "../../../../../plugins/aws/resources/vpc_peering_connection.ts";
import {
  edgesOf,
  type Listed,
  listFrom,
  recorded,
  theNode,
} from "../../../../support/aws_listing.ts";

/** Lists from the recorded answer of the operation. */
async function list(resource: Resource, operation: string): Promise<Listed> {
  const listed = await listFrom({
    [operation]: () => recorded(operation),
    ListServiceQuotas: () => recorded("ListServiceQuotas.vpc"),
  }, resource);
  assert.deepEqual(listed.results, { [resource.kind]: { outcome: "complete", faults: [] } });
  return listed;
}

Deno.test("vpc: the default one is protected; the quota is a parent", async () => {
  const listed = await list(vpc, "DescribeVpcs");
  const main = theNode(listed, "aws_vpc", "vpc-1");
  assert.deepEqual([main.name, main.reported["is_default"], main.protected ?? false], [
    "main",
    false,
    false,
  ]);
  assert.deepEqual(edgesOf(main), ["from aws_vpc_quota id vpc_quota"]);
  const other = theNode(listed, "aws_vpc", "vpc-2");
  assert.deepEqual([other.name, other.reported["is_default"], other.protected], [
    "vpc-2",
    true,
    true,
  ]);
  const quota = theNode(listed, "aws_vpc_quota", "vpc_quota");
  assert.deepEqual([quota.phantom, quota.reported["quota"]], [true, 5]);
});

Deno.test("subnet: below its VPC", async () => {
  const node = theNode(await list(subnet, "DescribeSubnets"), "aws_ec2_subnet");
  assert.deepEqual([node.id, node.name], ["subnet-1", "front"]);
  assert.equal(node.reported["arn"], "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1");
  assert.deepEqual(edgesOf(node), ["from aws_vpc id vpc-1"]);
});

Deno.test("routeTable: below its VPC", async () => {
  const node = theNode(await list(routeTable, "DescribeRouteTables"), "aws_ec2_route_table");
  assert.deepEqual([node.id, node.name], ["rtb-1", "private"]);
  assert.deepEqual(edgesOf(node), ["from aws_vpc id vpc-1"]);
});

Deno.test("securityGroup: its name is the group's, not a tag", async () => {
  const node = theNode(
    await list(securityGroup, "DescribeSecurityGroups"),
    "aws_ec2_security_group",
  );
  assert.deepEqual([node.id, node.name], ["sg-1", "web"]);
  assert.deepEqual(edgesOf(node), ["from aws_vpc id vpc-1"]);
});

Deno.test("internetGateway: below its quota and each VPC that it is attached to", async () => {
  const listed = await list(internetGateway, "DescribeInternetGateways");
  const attached = theNode(listed, "aws_ec2_internet_gateway", "igw-1");
  assert.equal(attached.name, "out");
  assert.deepEqual(edgesOf(attached), [
    "from aws_ec2_internet_gateway_quota id igw_quota",
    "from aws_vpc id vpc-1",
  ]);
  const free = theNode(listed, "aws_ec2_internet_gateway", "igw-2");
  assert.deepEqual(edgesOf(free), ["from aws_ec2_internet_gateway_quota id igw_quota"]);
  const quota = theNode(listed, "aws_ec2_internet_gateway_quota");
  assert.deepEqual([quota.id, quota.name, quota.reported["quota"]], ["igw_quota", "igw_quota", 7]);
});

Deno.test("networkAcl: below its VPC, above its subnets", async () => {
  const node = theNode(await list(networkAcl, "DescribeNetworkAcls"), "aws_ec2_network_acl");
  assert.deepEqual([node.id, node.name, node.reported["is_default"]], ["acl-1", "strict", true]);
  assert.deepEqual(edgesOf(node), [
    "from aws_vpc id vpc-1",
    "to aws_ec2_subnet id subnet-1",
    "to aws_ec2_subnet id subnet-2",
  ]);
});

Deno.test("networkInterface: private and public addresses are parallel lists", async () => {
  const listed = await list(networkInterface, "DescribeNetworkInterfaces");
  const { name, reported } = theNode(listed, "aws_ec2_network_interface", "eni-1");
  assert.equal(name, "eni-1");
  assert.deepEqual(reported["private_ips"], ["10.0.0.4", "10.0.0.5", "10.0.0.6"]);
  assert.deepEqual(reported["public_ips"], ["", "52.0.0.5", ""]);
  assert.deepEqual(reported["v6_ips"], ["2001:db8::4"]);
  assert.deepEqual(
    [
      reported["network_interface_status"],
      reported["network_interface_type"],
      reported["mac"],
      reported["description"],
      reported["tags"],
    ],
    ["in-use", "interface", "02:00:00:00:00:01", "appliance", { Name: "front" }],
  );
  const bare = theNode(listed, "aws_ec2_network_interface", "eni-2").reported;
  assert.deepEqual([bare["private_ips"], bare["public_ips"], bare["v6_ips"]], [[], [], []]);
});

Deno.test("networkInterface: above its instance", async () => {
  const listed = await list(networkInterface, "DescribeNetworkInterfaces");
  assert.deepEqual(edgesOf(theNode(listed, "aws_ec2_network_interface", "eni-1")), [
    "from aws_vpc id vpc-1",
    "from aws_ec2_subnet id subnet-1",
    "from aws_ec2_security_group id sg-1",
    "to aws_ec2_instance id i-1",
  ]);
});

Deno.test("networkInterface: above the balancer that it was made for", async () => {
  const card = (NetworkInterfaceId: string, more: object) => ({ NetworkInterfaceId, ...more });
  const elb = { Attachment: { InstanceOwnerId: "amazon-elb" } };
  const answers = {
    DescribeNetworkInterfaces: () => ({
      NetworkInterfaces: [
        card("app", { ...elb, Description: "ELB app/web/50dc6c495c0c9188" }),
        card("net", {
          InterfaceType: "network_load_balancer",
          Description: "ELB net/in-1/0a",
        }),
        card("classic", { ...elb, Description: "ELB old" }),
        card("odd", { ...elb, Description: "something" }),
        card("forged", { Description: "ELB app/web/50dc6c495c0c9188" }),
      ],
    }),
  };
  const listed = await listFrom(answers, networkInterface);
  const edges = (id: string) => edgesOf(theNode(listed, "aws_ec2_network_interface", id));
  assert.deepEqual(edges("app"), ["to aws_alb id web"]);
  assert.deepEqual(edges("net"), ["to aws_alb id in-1"]);
  assert.deepEqual(edges("classic"), ["to aws_elb id old"]);
  assert.deepEqual([edges("odd"), edges("forged")], [[], []]);
});

Deno.test("natGateway: deleted ones are listed with their status", async () => {
  const listed = await list(natGateway, "DescribeNatGateways");
  const live = theNode(listed, "aws_ec2_nat_gateway", "nat-1");
  const gone = theNode(listed, "aws_ec2_nat_gateway", "nat-2");
  assert.deepEqual([live.name, live.reported["nat_gateway_status"]], ["out", "available"]);
  assert.deepEqual(live.reported["ctime"], new Date("2026-01-10T08:31:00Z"));
  assert.deepEqual(edgesOf(live), [
    "from aws_vpc id vpc-1",
    "from aws_ec2_subnet id subnet-1",
    "from aws_ec2_network_interface id eni-9",
  ]);
  assert.deepEqual([gone.name, gone.reported["nat_gateway_status"]], ["nat-2", "deleted"]);
});

Deno.test("vpcPeeringConnection: below the VPCs of this region only", async () => {
  const listed = await list(vpcPeeringConnection, "DescribeVpcPeeringConnections");
  const abroad = theNode(listed, "aws_vpc_peering_connection", "pcx-1");
  const here = theNode(listed, "aws_vpc_peering_connection", "pcx-2");
  assert.deepEqual(edgesOf(abroad), ["from aws_vpc id vpc-1"]);
  assert.deepEqual(edgesOf(here), [
    "from aws_vpc id vpc-1",
    "from aws_vpc id vpc-2",
  ]);
  assert.deepEqual(
    [abroad, here].map((node) => [node.name, node.reported["vpc_peering_connection_status"]]),
    [["pcx-1", "active"], ["inner", "pending-acceptance"]],
  );
});

Deno.test("vpcEndpoint: below everything that it uses", async () => {
  const node = theNode(await list(vpcEndpoint, "DescribeVpcEndpoints"), "aws_vpc_endpoint");
  assert.deepEqual(
    [
      node.reported["vpc_endpoint_type"],
      node.reported["vpc_endpoint_status"],
      node.reported["ctime"],
    ],
    ["Interface", "available", new Date("2026-01-10T08:31:00Z")],
  );
  assert.deepEqual(edgesOf(node), [
    "from aws_vpc id vpc-1",
    "from aws_ec2_route_table id rtb-1",
    "from aws_ec2_subnet id subnet-1",
    "from aws_ec2_subnet id subnet-2",
    "from aws_ec2_security_group id sg-1",
    "from aws_ec2_network_interface id eni-7",
  ]);
});
