import { BASE_KINDS, type Kind } from "../../../lib/model/mod.ts";
import { openStore, type Store, type StoredEdge } from "../../../lib/store/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { begin, finish, stageAll, type TestNode } from "../store.ts";

/** All kinds of AWS. */
export const AWS_KINDS: readonly Kind[] = [
  ...BASE_KINDS,
  ...plugins.flatMap(({ manifest, model }) => manifest.name === "aws" ? model.kinds : []),
];

const REGIONS = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-south-1"];
const HOUR = 3_600_000;

/** What a node of this many is, by its number within an account and region. */
const SHARES: readonly (readonly [kind: string, of: number])[] = [
  ["aws_ec2_volume", 30],
  ["aws_ec2_instance", 20],
  ["aws_ec2_network_interface", 20],
  ["aws_ec2_snapshot", 12],
  ["aws_ec2_security_group", 6],
  ["aws_ec2_subnet", 4],
  ["aws_iam_role", 3],
  ["aws_alb", 2],
  ["aws_rds_instance", 2],
  ["aws_vpc", 1],
];

/** A store of AWS of about so many nodes in twenty accounts of five regions, two edges for each. */
export async function largeStore(path: string, nodes: number): Promise<Store> {
  let now = new Date(Date.now() - 30 * 24 * HOUR);
  const store = await openStore({ path, kinds: AWS_KINDS, mode: "write", now: () => now });
  const writer = begin(store, "r1");
  const each = Math.ceil(nodes / 20 / REGIONS.length / 100);
  const placed: { readonly seq: number; readonly kind: string; readonly group: number }[] = [];
  let group = 0;
  for (let account = 0; account < 20; account++) {
    for (const region of REGIONS) {
      group += 1;
      for (const [kind, share] of SHARES) {
        const scope = { cloud: "demo", account: `acc-${account}`, region, resource: kind };
        const number = writer.open(scope, region);
        const list = Array.from({ length: share * each }, (_, index) => node(kind, group, index));
        stageAll(writer, number, scope, list, placed.length);
        for (let index = 0; index < list.length; index++) {
          placed.push({ seq: placed.length, kind, group });
        }
        writer.close(number, "complete", []);
      }
    }
  }
  writer.writeEdges(["demo"], edges(placed, writer.keys(placed.length)));
  finish(writer);
  now = new Date();
  lookAgain(store, each);
  return store;
}

/** A second run finds the networks of one account different. */
function lookAgain(store: Store, each: number): void {
  const writer = begin(store, "r2");
  for (const [index, region] of REGIONS.entries()) {
    const scope = { cloud: "demo", account: "acc-0", region, resource: "aws_ec2_subnet" };
    const number = writer.open(scope, region);
    const list = Array.from(
      { length: 4 * each },
      (_, nth) => node("aws_ec2_subnet", index + 1, nth),
    );
    const changed = list.map((one) => ({ ...one, body: { tags: { changed: "yes" } } }));
    stageAll(writer, number, scope, changed);
    writer.close(number, "complete", []);
  }
  finish(writer);
}

/** Everything hangs below a VPC or subnet of its group, and volumes lead to instances. */
function* edges(
  placed: readonly { readonly seq: number; readonly kind: string; readonly group: number }[],
  keys: Uint32Array,
): Generator<StoredEdge> {
  const key = (seq: number) => keys[seq] ?? 0;
  for (const members of Map.groupBy(placed, ({ group }) => group).values()) {
    const of = (kind: string) => members.filter((one) => one.kind === kind);
    const [vpcs, subnets] = [of("aws_vpc"), of("aws_ec2_subnet")];
    const instances = of("aws_ec2_instance");
    for (const [index, { seq, kind }] of members.entries()) {
      const vpc = vpcs[index % vpcs.length];
      const subnet = subnets[index % subnets.length];
      if (kind === "aws_vpc" || vpc === undefined || subnet === undefined) continue;
      yield { from: key(vpc.seq), to: key(seq), type: "dependency" };
      if (kind === "aws_ec2_subnet") continue;
      if (kind === "aws_ec2_volume" && index % 3 > 0) {
        const instance = instances[index % instances.length];
        if (instance !== undefined) {
          yield { from: key(seq), to: key(instance.seq), type: "dependency" };
        }
      } else yield { from: key(subnet.seq), to: key(seq), type: "dependency" };
    }
  }
}

function node(kind: string, group: number, index: number): TestNode {
  const number = group * 100_000 + index;
  const id = kind === "aws_vpc" && group === 1 && index === 0 ? "vpc-1" : `${kind}-${number}`;
  return { id, kind, name: `thing ${number}`, body: body(kind, number) };
}

function body(kind: string, number: number): Record<string, unknown> {
  const ago = (hours: number) =>
    `${new Date(Date.now() - hours * HOUR).toISOString().slice(0, 19)}Z`;
  return {
    tags: {
      stage: number % 3 === 0 ? "prod" : "test",
      ...(number % 4 === 0 ? {} : { owner: `team-${number % 17}` }),
      ...(number % 50 === 0 ? { expiration: "30d" } : {}),
    },
    ctime: ago(number * 37 % 4001),
    arn: `arn:aws:demo:eu-west-1:123456789012:${kind}/${number}`,
    description: "a text of the length that descriptions in a cloud often have, more or less",
    ...OWN[kind]?.(number, ago),
  };
}

type Own = (number: number, ago: (hours: number) => string) => Record<string, unknown>;

const OWN: Readonly<Record<string, Own>> = {
  aws_ec2_volume: (number) => ({
    volume_size: 8 + number % 100,
    volume_type: "gp3",
    volume_status: number % 3 === 0 ? "available" : "in-use",
  }),
  aws_ec2_instance: (number) => ({
    instance_type: `m5.${["large", "xlarge", "2xlarge"][number % 3]}`,
    instance_cores: 2 ** (1 + number % 3),
    instance_memory: 8,
    instance_status: "running",
  }),
  aws_ec2_network_interface: (number) => ({
    network_interface_status: number % 20 === 0 ? "available" : "in-use",
    private_ips: [`10.0.${number % 250}.${number % 200}`],
  }),
  aws_ec2_snapshot: (number) => ({ volume_id: `aws_ec2_volume-${number}`, volume_size: 8 }),
  aws_ec2_security_group: (number) => ({
    ip_permissions: [{
      from_port: number % 2 === 0 ? 22 : 443,
      to_port: number % 2 === 0 ? 22 : 443,
      ip_ranges: [{ cidr_ip: number % 10 === 0 ? "0.0.0.0/0" : "10.0.0.0/8" }],
    }],
  }),
  aws_iam_role: (number, ago) => number % 2 === 0 ? {} : { atime: ago(number * 37 % 4001) },
  aws_alb: (number) => ({ lb_type: "application", backends: number % 2 === 0 ? [] : ["i-1"] }),
  aws_rds_instance: (number) => ({ db_publicly_accessible: number % 10 === 0 }),
};
