import { callMoto } from "./moto_call.ts";

/** Region that the estate lies in. */
export const ESTATE_REGION = "eu-west-1";
/** Account that moto has for its default keys. */
export const ESTATE_ACCOUNT = "123456789012";

/** Where moto answers. */
interface Place {
  readonly url: string;
}

type Given = Readonly<Record<string, string>>;
type Ids = Readonly<Record<string, string>>;

/** Ids in the cloud of an estate with something for each rule, by what they stand for. */
export type CleanEstate = Awaited<ReturnType<typeof makeCleanEstate>>;

/** Empties moto, whatever account it was in. */
export async function emptyMoto({ url }: Place): Promise<void> {
  const answer = await fetch(`${url}/moto-api/reset`, { method: "POST" });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`moto was not reset: ${answer.status}`);
}

/** Calls EC2. @param find element whose first text is returned; without it the whole answer */
async function ec2(moto: Place, action: string, given: Given = {}, find = ""): Promise<string> {
  const all = { Action: action, Version: "2016-11-15", ...given };
  const answer = await callMoto(moto, "ec2", ESTATE_REGION, all);
  return find === "" ? answer : new RegExp(`<${find}>([^<]+)<`).exec(answer)?.[1] ?? "";
}

function elb(moto: Place, action: string, given: Given = {}): Promise<string> {
  const all = { Action: action, Version: "2012-06-01", ...given };
  return callMoto(moto, "elasticloadbalancing", ESTATE_REGION, all);
}

async function tag(moto: Place, id: string, key: string, value: string): Promise<void> {
  await ec2(moto, "CreateTags", { "ResourceId.1": id, "Tag.1.Key": key, "Tag.1.Value": value });
}

async function makeInstance(moto: Place, given: Given = {}) {
  const image = await ec2(moto, "RegisterImage", { Name: crypto.randomUUID() }, "imageId");
  const answer = await ec2(moto, "RunInstances", {
    ...{ ImageId: image, MinCount: "1", MaxCount: "1" },
    ...{
      "BlockDeviceMapping.1.DeviceName": "/dev/sda1",
      "BlockDeviceMapping.1.Ebs.VolumeSize": "8",
    },
    "BlockDeviceMapping.1.Ebs.DeleteOnTermination": "true",
    ...given,
  });
  const id = /<instanceId>([^<]+)</.exec(answer)?.[1] ?? "";
  const filter = { "Filter.1.Name": "attachment.instance-id", "Filter.1.Value.1": id };
  return { id, root: await ec2(moto, "DescribeVolumes", filter, "volumeId") };
}

async function makeNetwork(moto: Place, block: string) {
  const vpc = await ec2(moto, "CreateVpc", { CidrBlock: `${block}.0.0/16` }, "vpcId");
  const place = { VpcId: vpc, CidrBlock: `${block}.1.0/24`, AvailabilityZone: `${ESTATE_REGION}a` };
  const subnet = await ec2(moto, "CreateSubnet", place, "subnetId");
  const gateway = await ec2(moto, "CreateInternetGateway", {}, "internetGatewayId");
  await ec2(moto, "AttachInternetGateway", { InternetGatewayId: gateway, VpcId: vpc });
  const about = { GroupName: "own", GroupDescription: "own", VpcId: vpc };
  const group = await ec2(moto, "CreateSecurityGroup", about, "groupId");
  return { vpc, subnet, gateway, group };
}

/** Makes expired and living instances, volumes with and without tags, an unused balancer, networks. */
export async function makeCleanEstate(moto: Place) {
  const loose = await makeNetwork(moto, "10.1");
  const busy = await makeNetwork(moto, "10.2");
  const guarded = await makeNetwork(moto, "10.3");
  const expired = await makeInstance(moto);
  const living = await makeInstance(moto, { SubnetId: busy.subnet });
  await tag(moto, expired.id, "cloudkeeper:expires", "2020-01-01T00:00:00Z");
  for (const { root } of [expired, living]) await tag(moto, root, "owner", "ada");
  const volume = { AvailabilityZone: `${ESTATE_REGION}a`, Size: "1" };
  const make = () => ec2(moto, "CreateVolume", volume, "volumeId");
  const [untagged, tagged, snowflake] = [await make(), await make(), await make()];
  await tag(moto, tagged, "owner", "ada");
  await elb(moto, "CreateLoadBalancer", {
    LoadBalancerName: "unused",
    "AvailabilityZones.member.1": `${ESTATE_REGION}a`,
    "Listeners.member.1.Protocol": "http",
    "Listeners.member.1.LoadBalancerPort": "80",
    "Listeners.member.1.InstancePort": "80",
  });
  return { loose, busy, guarded, expired, living, untagged, tagged, snowflake };
}

/** What of an estate is left, by what it stands for; a terminated instance is not left. */
export async function leftOf(moto: Place, estate: CleanEstate): Promise<readonly string[]> {
  const { loose, busy, guarded, expired, living, untagged, tagged, snowflake } = estate;
  const ids: Ids = {
    ...prefixed("loose", loose),
    ...prefixed("busy", busy),
    ...prefixed("guarded", guarded),
    ...prefixed("expired", expired),
    ...prefixed("living", living),
    ...{ untagged, tagged, snowflake, unused: "<LoadBalancerName>unused<" },
  };
  const state = await listings(moto);
  return Object.entries(ids).filter(([, id]) => state.includes(id)).map(([name]) => name);
}

/** Everything that moto holds of the kinds of an estate, instances that run only, as it lists them. */
async function listings(moto: Place): Promise<string> {
  const running = { "Filter.1.Name": "instance-state-name", "Filter.1.Value.1": "running" };
  const texts = [
    await elb(moto, "DescribeLoadBalancers"),
    await idsIn(moto, "DescribeInstances", "instanceId", running),
    await idsIn(moto, "DescribeVolumes", "volumeId"),
    await idsIn(moto, "DescribeVpcs", "vpcId"),
    await idsIn(moto, "DescribeSubnets", "subnetId"),
    await idsIn(moto, "DescribeInternetGateways", "internetGatewayId"),
    await idsIn(moto, "DescribeSecurityGroups", "groupId"),
  ];
  return texts.join("\n");
}

/** A list also names what its members belong to, which need not be there: one element counts. */
async function idsIn(moto: Place, action: string, element: string, given: Given = {}) {
  const answer = await ec2(moto, action, given);
  return [...answer.matchAll(new RegExp(`<${element}>[^<]+<`, "g"))].join("\n");
}

function prefixed(name: string, ids: Ids): Ids {
  return Object.fromEntries(Object.entries(ids).map(([key, id]) => [`${name} ${key}`, id]));
}
