import assert from "node:assert/strict";
import { elasticIp } from "../../../../../plugins/aws/resources/elastic_ip.ts";
import { edgesOf, listFrom, recorded, theNode } from "../../../../support/aws_listing.ts";

const EXPECTED = {
  ip_address: "52.0.0.5",
  ip_address_family: "",
  public_ip: "52.0.0.5",
  private_ip_address: "10.0.0.5",
  allocation_id: "eipalloc-1",
  association_id: "eipassoc-1",
  instance_id: "i-1",
  domain: "vpc",
  network_interface_id: "eni-1",
  network_interface_owner_id: "123456789012",
};

Deno.test("elasticIp: between its interface and its instance", async () => {
  const listed = await listFrom(
    { DescribeAddresses: () => recorded("DescribeAddresses") },
    elasticIp,
  );
  const node = theNode(listed, "aws_ec2_elastic_ip", "eipalloc-1");
  const { tags: _tags, ...reported } = node.reported;
  assert.deepEqual({ ...reported, ...EXPECTED }, reported);
  assert.deepEqual([node.name, edgesOf(node)], [
    "front",
    ["from aws_ec2_network_interface id eni-1", "to aws_ec2_instance id i-1"],
  ]);
});

Deno.test("elasticIp: a classic address is known by itself and does not stop the others", async () => {
  const listed = await listFrom(
    { DescribeAddresses: () => recorded("DescribeAddresses") },
    elasticIp,
  );
  assert.deepEqual(listed.results["aws_ec2_elastic_ip"], { outcome: "complete", faults: [] });
  assert.deepEqual(listed.nodes.map(({ id }) => id), ["eipalloc-1", "54.0.0.1", "eipalloc-3"]);
  const classic = theNode(listed, "aws_ec2_elastic_ip", "54.0.0.1");
  assert.deepEqual([classic.reported["ip_address"], edgesOf(classic)], ["54.0.0.1", []]);
});
