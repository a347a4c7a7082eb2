import assert from "node:assert/strict";
import { expectedCounts, seedEstate } from "../support/aws_estate.ts";
import { startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";

/** Every kind that the estate holds; moto can make no others of the collectors' list. */
const GLOBAL = [
  "aws_iam_access_key",
  "aws_iam_group",
  "aws_iam_instance_profile",
  "aws_iam_policy",
  "aws_iam_role",
  "aws_iam_server_certificate",
  "aws_iam_user",
  "aws_s3_bucket",
];
const REGIONAL = [
  "aws_alb",
  "aws_alb_target_group",
  "aws_autoscaling_group",
  "aws_cloudformation_stack",
  "aws_cloudwatch_alarm",
  "aws_ec2_elastic_ip",
  "aws_ec2_instance",
  "aws_ec2_internet_gateway",
  "aws_ec2_keypair",
  "aws_ec2_launch_template",
  "aws_ec2_nat_gateway",
  "aws_ec2_network_acl",
  "aws_ec2_network_interface",
  "aws_ec2_route_table",
  "aws_ec2_security_group",
  "aws_ec2_snapshot",
  "aws_ec2_subnet",
  "aws_ec2_volume",
  "aws_eks_cluster",
  "aws_eks_nodegroup",
  "aws_elb",
  "aws_rds_instance",
  "aws_vpc",
  "aws_vpc_endpoint",
  "aws_vpc_peering_connection",
];

Deno.test("seedEstate: every account and region holds every kind, also through the proxy", async () => {
  await using moto = await startMoto();
  const estate = await seedEstate(moto, { members: 1, regions: ["us-east-1"] });
  assert.deepEqual(estate.suspended.map(({ name }) => name), ["closed"]);
  await using proxy = startFaultProxy({ target: moto.url });
  const { nodes } = await expectedCounts(proxy, estate);
  assert.equal(estate.accounts.length, 2);
  for (const { id } of estate.accounts) {
    assert.deepEqual(Object.keys(nodes[id]?.["global"] ?? {}).sort(), GLOBAL);
    assert.deepEqual(Object.keys(nodes[id]?.["us-east-1"] ?? {}).sort(), REGIONAL);
    assert.equal(proxy.total({ account: id, operation: "DescribeVpcs" }), 1);
  }
});

Deno.test("seedEstate: the same ids on each new server", async () => {
  const seen: (readonly string[])[] = [];
  for (let turn = 0; turn < 2; turn++) {
    await using moto = await startMoto();
    const options = { members: 0, regions: ["eu-west-1"], suspended: false };
    seen.push(identities(await expectedCounts(moto, await seedEstate(moto, options))));
  }
  assert.deepEqual(seen[1], seen[0]);
});

function identities({ nodes }: Awaited<ReturnType<typeof expectedCounts>>): readonly string[] {
  return Object.values(nodes).flatMap((regions) => Object.values(regions))
    .flatMap((kinds) => Object.entries(kinds))
    .flatMap(([kind, of]) => Object.keys(of).map((id) => `${kind} ${id}`)).sort();
}
