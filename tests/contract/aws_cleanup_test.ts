/** Clean-up through a real guest: moto says what is left. */
import assert from "node:assert/strict";
import { type Limits, planStore } from "../../lib/cleanup/mod.ts";
import { allNodes, changeFlags, type ReadNode, type Store } from "../../lib/store/mod.ts";
import { AWS, makeAwsStore } from "../support/aws_collect.ts";
import { FAST } from "../support/aws_tags.ts";
import { applyByGuest, identityOf, mark, openCollected } from "../support/clean_guest.ts";
import { startMoto } from "../support/moto.ts";
import { callMoto } from "../support/moto_call.ts";

/** One server for all tests; it ends with this process. */
const moto = await startMoto();
const REGION = "eu-west-1";
const OPTIONS = {
  access_key_id: "testing",
  secret_access_key: "testing",
  endpoint_url: moto.url,
  region: [REGION],
};
/** Without what costs calls and says nothing about what is cleaned up. */
const COLLECT = {
  region: [REGION],
  no_collect: ["metrics", "prices", "quotas", "reserved_instances"],
};
const LIMITS: Limits = {
  accounts: [],
  denyAccounts: [],
  cap: { form: "default" },
  maxAgeMs: 3_600_000,
  trustUnknown: false,
};

async function call(
  service: string,
  version: string,
  action: string,
  given: Readonly<Record<string, string>> = {},
  find = "",
): Promise<string> {
  const all = { Action: action, Version: version, ...given };
  const answer = await callMoto(moto, service, REGION, all);
  return find === "" ? answer : new RegExp(`<${find}>([^<]+)<`).exec(answer)?.[1] ?? "";
}

const ec2 = (action: string, given: Readonly<Record<string, string>> = {}, find = "") =>
  call("ec2", "2016-11-15", action, given, find);
const elb = (action: string, given: Readonly<Record<string, string>> = {}, find = "") =>
  call("elasticloadbalancing", "2012-06-01", action, given, find);

/** A network with one of everything that hangs on it. */
async function makeNetwork() {
  const vpc = await ec2("CreateVpc", { CidrBlock: "10.0.0.0/16" }, "vpcId");
  const zone = { AvailabilityZone: `${REGION}a` };
  const subnet = await ec2(
    "CreateSubnet",
    { VpcId: vpc, CidrBlock: "10.0.1.0/24", ...zone },
    "subnetId",
  );
  const gateway = await ec2("CreateInternetGateway", {}, "internetGatewayId");
  await ec2("AttachInternetGateway", { InternetGatewayId: gateway, VpcId: vpc });
  const table = await ec2("CreateRouteTable", { VpcId: vpc }, "routeTableId");
  await ec2("AssociateRouteTable", { RouteTableId: table, SubnetId: subnet });
  const acl = await ec2("CreateNetworkAcl", { VpcId: vpc }, "networkAclId");
  const groups: string[] = [];
  for (const name of ["one", "two"]) {
    const given = { GroupName: name, GroupDescription: name, VpcId: vpc };
    groups.push(await ec2("CreateSecurityGroup", given, "groupId"));
  }
  const [one = "", two = ""] = groups;
  for (const [group, other] of [[one, two], [two, one]] as const) {
    await ec2("AuthorizeSecurityGroupIngress", {
      GroupId: group,
      "IpPermissions.1.IpProtocol": "tcp",
      "IpPermissions.1.FromPort": "1",
      "IpPermissions.1.ToPort": "2",
      "IpPermissions.1.Groups.1.GroupId": other,
    });
  }
  const address = await ec2("AllocateAddress", { Domain: "vpc" }, "allocationId");
  const nat = await ec2(
    "CreateNatGateway",
    { SubnetId: subnet, AllocationId: address },
    "natGatewayId",
  );
  const instance = await makeInstance({ SubnetId: subnet, "SecurityGroupId.1": one });
  return { vpc, subnet, gateway, table, acl, one, two, nat, instance, address };
}

async function makeInstance(given: Readonly<Record<string, string>> = {}): Promise<string> {
  const image = await ec2("DescribeImages", {}, "imageId") ||
    await ec2("RegisterImage", { Name: "base" }, "imageId");
  return await ec2(
    "RunInstances",
    { ImageId: image, MinCount: "1", MaxCount: "1", ...given },
    "instanceId",
  );
}

function makeVolume(): Promise<string> {
  return ec2("CreateVolume", { AvailabilityZone: `${REGION}a`, Size: "1" }, "volumeId");
}

async function makeBalancer(name: string): Promise<string> {
  const given = {
    LoadBalancerName: name,
    "AvailabilityZones.member.1": `${REGION}a`,
    "Listeners.member.1.Protocol": "http",
    "Listeners.member.1.LoadBalancerPort": "80",
    "Listeners.member.1.InstancePort": "80",
  };
  return await elb("CreateLoadBalancer", given, "DNSName");
}

function open(path: string): Promise<Store> {
  return openCollected(path, AWS);
}

function apply(store: Store, plan = planStore(store, LIMITS)) {
  return applyByGuest(store, plan, LIMITS, { entry: AWS, options: OPTIONS, base: FAST });
}

Deno.test("AWS clean-up: a network goes with all that hangs on it, the rest of the estate stays", async () => {
  const made = await makeNetwork();
  const [expired, snowflake] = [await makeInstance(), await makeInstance()];
  const [untagged, kept] = [await makeVolume(), await makeVolume()];
  const balancers = [await makeBalancer("empty"), await makeBalancer("used")];
  await using collected = await makeAwsStore(moto.url);
  await collected.collect(COLLECT);
  using store = await open(collected.path);
  const ids = new Set<string>([...Object.values(made), expired, untagged, balancers[0] ?? ""]);
  const isBelow = (node: ReadNode) => node.body.includes(made.vpc);
  mark(store, (node) => ids.has(node.id) || isBelow(node));
  const precious = [...allNodes(store)].filter(({ id }) => id === snowflake || id === kept);
  changeFlags(store, precious.map(identityOf), { what: "protect", reason: "snowflake" });

  const plan = planStore(store, LIMITS);
  assert.deepEqual(plan.plan.refusals, []);
  const report = await apply(store, plan);
  // moto keeps the default list of a network that is gone, and the report says so.
  const gone = report.results.filter(({ kind, why }) =>
    kind !== "aws_ec2_network_acl" || !why.endsWith("and it is still listed")
  );
  assert.ok(gone.length >= report.results.length - 1);
  const wrong = gone.filter(({ outcome }) =>
    !["cleaned", "already_gone", "goes_with_parent"].includes(outcome)
  );
  assert.deepEqual(wrong, []);

  const left = async (action: string) => await ec2(action);
  assert.ok(!(await left("DescribeVpcs")).includes(made.vpc));
  assert.ok(!(await left("DescribeSubnets")).includes(made.subnet));
  assert.ok(!(await left("DescribeSecurityGroups")).includes(made.one));
  assert.ok(!(await left("DescribeInternetGateways")).includes(made.gateway));
  const volumes = await left("DescribeVolumes");
  assert.ok(!volumes.includes(untagged) && volumes.includes(kept));
  const stateOf = (id: string) =>
    ec2("DescribeInstances", { "InstanceId.1": id }).then((text) => /<name>(\w+)</.exec(text)?.[1]);
  assert.equal(await stateOf(expired), "terminated");
  assert.equal(await stateOf(snowflake), "running");
  const names = await elb("DescribeLoadBalancers");
  assert.ok(!names.includes(">empty<") && names.includes(">used<"));

  const again = await apply(store, plan);
  const earlier = again.results.filter((each) => each.earlier).map(({ id }) => id);
  assert.deepEqual(earlier, gone.map(({ id }) => id));
  assert.deepEqual(planStore(store, LIMITS).plan.entries, []);
  await using fresh = await makeAwsStore(moto.url);
  await fresh.collect(COLLECT);
  using later = await open(fresh.path);
  assert.ok([...allNodes(later)].some(({ id }) => id === snowflake));
  assert.ok(![...allNodes(later)].some(({ id }) => id === made.vpc));
});

Deno.test("AWS clean-up: what got a tag since, or is the default network, is left alone", async () => {
  const [tagged, plain] = [await makeVolume(), await makeVolume()];
  await using collected = await makeAwsStore(moto.url);
  await collected.collect(COLLECT);
  using store = await open(collected.path);
  mark(store, ({ id, kind }) => id === tagged || id === plain || kind === "aws_vpc");
  const isDefault = ({ kind, body }: ReadNode) =>
    kind === "aws_vpc" && body.includes('"is_default":true');
  assert.equal([...allNodes(store)].filter(isDefault).length, 1);
  assert.equal([...allNodes(store)].some((node) => isDefault(node) && node.marked), false);
  const plan = planStore(store, LIMITS);
  await ec2("CreateTags", { "ResourceId.1": tagged, "Tag.1.Key": "keep", "Tag.1.Value": "yes" });
  const { results } = await apply(store, plan);
  const outcomeOf = (id: string) => results.find((each) => each.id === id);
  assert.equal(outcomeOf(tagged)?.outcome, "refused");
  assert.equal(outcomeOf(tagged)?.why, "it has changed: tags");
  assert.equal(outcomeOf(plain)?.outcome, "cleaned");
  assert.ok((await ec2("DescribeVolumes")).includes(tagged));
});
