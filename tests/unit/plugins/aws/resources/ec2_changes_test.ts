import assert from "node:assert/strict";
import type { Change, NodeDeclaration } from "../../../../../plugins/aws/resource.ts";
import { resources } from "../../../../../plugins/aws/resources/mod.ts";

/** What deleting each kind of EC2 takes: operations before it, and its own. */
const DELETES: Readonly<Record<string, readonly [prepare: string[], remove: string[]]>> = {
  aws_ec2_elastic_ip: [["DisassociateAddress"], ["ReleaseAddress", "ReleaseAddress"]],
  aws_ec2_instance: [[], ["TerminateInstances"]],
  aws_ec2_internet_gateway: [["DetachInternetGateway"], ["DeleteInternetGateway"]],
  aws_ec2_keypair: [[], ["DeleteKeyPair"]],
  aws_ec2_nat_gateway: [[], ["DeleteNatGateway"]],
  aws_ec2_network_acl: [[], ["DeleteNetworkAcl"]],
  aws_ec2_network_interface: [[], ["DeleteNetworkInterface"]],
  aws_ec2_route_table: [["DisassociateRouteTable"], ["DeleteRouteTable"]],
  aws_ec2_security_group: [
    ["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"],
    ["DeleteSecurityGroup"],
  ],
  aws_ec2_snapshot: [[], ["DeleteSnapshot"]],
  aws_ec2_subnet: [[], ["DeleteSubnet"]],
  aws_ec2_volume: [["CreateSnapshot"], ["DeleteVolume"]],
  aws_vpc: [[], ["DeleteVpc"]],
  aws_vpc_endpoint: [[], ["DeleteVpcEndpoints"]],
  aws_vpc_peering_connection: [[], ["DeleteVpcPeeringConnection"]],
};

const ec2: readonly NodeDeclaration[] = resources.filter(({ service }) => service === "ec2");

function changeOf(kind: string): NonNullable<NodeDeclaration["change"]> {
  return ec2.find((each) => each.kind === kind)?.change ?? {};
}

function names(changes: readonly Change[] = []): readonly string[] {
  return changes.map(({ operation }) => operation);
}

Deno.test("EC2 changes: the original kinds can be tagged, untagged and deleted", () => {
  for (const [kind, [prepare, remove]] of Object.entries(DELETES)) {
    const change = changeOf(kind);
    assert.deepEqual([kind, names(change.prepare), names(change.delete)], [kind, prepare, remove]);
    assert.deepEqual([names(change.setTag), names(change.removeTag)], [["CreateTags"], [
      "DeleteTags",
    ]]);
  }
});

Deno.test("EC2 changes: types and quotas cannot be changed", () => {
  for (const resource of resources) {
    for (const { kind, change } of resource.companions ?? []) {
      assert.deepEqual([kind, change], [kind, undefined]);
    }
  }
});

Deno.test("EC2 changes: a tag is removed whatever its value is", () => {
  const [removeTag] = changeOf("aws_vpc").removeTag ?? [];
  assert.deepEqual(removeTag?.input, { Resources: ["$id"], Tags: [{ Key: "$tag.key" }] });
});

Deno.test("EC2 changes: a volume is copied first where that is wanted, and the copy awaited", () => {
  const [copy] = changeOf("aws_ec2_volume").prepare ?? [];
  assert.deepEqual(copy?.when, ["$.snapshot_before_delete"]);
  const { until, never, every, limit } = copy?.wait ?? {};
  assert.deepEqual([until, never, every, limit], [["completed"], ["error"], 10, 3600]);
});

Deno.test("EC2 changes: only rules that name another group are revoked, each on its side", () => {
  const [ingress, egress] = changeOf("aws_ec2_security_group").prepare ?? [];
  const other = "$each.ReferencedGroupInfo.GroupId";
  assert.deepEqual([ingress?.when, ingress?.unless], [[other], ["$each.IsEgress"]]);
  assert.deepEqual([egress?.when, egress?.unless], [[other, "$each.IsEgress"], undefined]);
});

Deno.test("EC2 changes: the main association of a route table stays", () => {
  const [detach] = changeOf("aws_ec2_route_table").prepare ?? [];
  assert.deepEqual([detach?.each?.operation, detach?.unless], [
    "DescribeRouteTables",
    ["$each.Main"],
  ]);
});

Deno.test("EC2 changes: an endpoint that was refused is no success", () => {
  assert.equal(changeOf("aws_vpc_endpoint").delete?.[0]?.undone, "Unsuccessful[]");
});

Deno.test("EC2 changes: an address is released once, by what identifies it", () => {
  const [allocated, classic] = changeOf("aws_ec2_elastic_ip").delete ?? [];
  assert.deepEqual([allocated?.when, classic?.unless], [["$.allocation_id"], ["$.allocation_id"]]);
});
