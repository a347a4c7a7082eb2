import assert from "node:assert/strict";
import { BASE_KINDS, type Kind } from "../../../lib/model/mod.ts";
import { expandMacros, parseQuery } from "../../../lib/query/mod.ts";
import type { Store } from "../../../lib/store/mod.ts";
import { prepareQuery } from "../../../lib/store/query/prepare.ts";
import { plugins } from "../../../plugins/mod.ts";
import { everydayQueries, everydaySql } from "../../support/query/everyday.ts";
import {
  type PlainEdge,
  type PlainNode,
  plainNode,
  storeOf,
} from "../../support/query/plain_graph.ts";

const NOW = new Date("2030-01-01T12:00:00Z");
const KINDS: readonly Kind[] = [...BASE_KINDS, ...plugins.flatMap(({ model }) => model.kinds)];

function node(kind: string, id: string, body: Record<string, unknown> = {}): PlainNode {
  return plainNode({ kind, id, body: { tags: {}, ctime: "2029-12-31T00:00:00Z", ...body } });
}

const NODES: readonly PlainNode[] = [
  plainNode({ kind: "aws_account", id: "a1", name: "sandbox", region: "" }),
  node("aws_ec2_volume", "vol-free", { volume_status: "available", volume_size: 8 }),
  node("aws_ec2_volume", "vol-busy", { volume_status: "in-use", volume_size: 100 }),
  node("aws_rds_instance", "db-open", { db_publicly_accessible: true }),
  node("aws_rds_instance", "db-closed", { db_publicly_accessible: false }),
  node("aws_vpc", "vpc-1"),
  node("aws_ec2_subnet", "net-1"),
  node("aws_ec2_instance", "i-old", {
    ctime: "2029-06-01T00:00:00Z",
    tags: { owner: "me" },
    instance_type: "m5.large",
    instance_cores: 2,
  }),
  node("aws_ec2_instance", "i-new", {
    tags: { expiration: "3d" },
    instance_type: "m5.large",
    instance_cores: 2,
  }),
  node("aws_elb", "lb-empty", { backends: [] }),
  node("aws_alb", "lb-full", { backends: [] }),
  node("aws_alb_target_group", "tg-1"),
  node("aws_ec2_network_interface", "eni-free", { network_interface_status: "available" }),
  node("aws_ec2_network_interface", "eni-busy", { network_interface_status: "in-use" }),
  node("aws_iam_role", "role-never"),
  node("aws_iam_role", "role-old", { atime: "2029-06-01T00:00:00Z" }),
  node("aws_iam_role", "role-used", { atime: "2029-12-31T00:00:00Z" }),
  node("aws_ec2_security_group", "sg-open", {
    ip_permissions: [{ from_port: 0, to_port: 65535, ip_ranges: [{ cidr_ip: "0.0.0.0/0" }] }],
  }),
  node("aws_ec2_security_group", "sg-mixed", {
    ip_permissions: [
      { from_port: 443, to_port: 443, ip_ranges: [{ cidr_ip: "0.0.0.0/0" }] },
      { from_port: 22, to_port: 22, ip_ranges: [{ cidr_ip: "10.0.0.0/8" }] },
    ],
  }),
  node("aws_ec2_snapshot", "snap-lost", { volume_id: "vol-gone" }),
  node("aws_ec2_snapshot", "snap-kept", { volume_id: "vol-busy" }),
];

const EDGES = [
  ["vpc-1", "net-1"],
  ["net-1", "i-old"],
  ["i-old", "tg-1"],
  ["tg-1", "lb-full"],
] as const;

/** What each question of the page is answered, in the page's order. */
const ANSWERS: readonly unknown[] = [
  [{ group: { account: "sandbox" }, figures: { volumes: 1, gib: 8 } }],
  ["db-open"],
  ["i-new"],
  ["i-old"],
  ["lb-empty"],
  [{ group: { region: "eu", instance_type: "m5.large" }, figures: { instances: 2, cores: 4 } }],
  ["eni-free"],
  ["i-new"],
  ["net-1", "i-old", "lb-full", "tg-1"],
  ["role-never", "role-old"],
  ["sg-open"],
  // Everything was found for the first time today.
  NODES.map(({ id }) => id),
];

async function sampleStore(): Promise<Store> {
  const number = (id: string) => NODES.findIndex((node) => node.id === id);
  const edges = EDGES.map(([from, to]): PlainEdge => ({
    from: number(from),
    to: number(to),
    type: "dependency",
  }));
  return await storeOf({ nodes: NODES, edges }, { kinds: KINDS });
}

function answer(store: Store, query: string): unknown {
  const prepared = prepareQuery(store, parseQuery(expandMacros(query, NOW)), { now: NOW });
  if (prepared.sql.aggregation !== undefined) return [...prepared.groups()];
  return Array.from(prepared.nodes(), ({ id }) => id);
}

Deno.test("the everyday questions of the documentation are answered", async () => {
  using store = await sampleStore();
  const queries = await everydayQueries();
  assert.equal(queries.length, ANSWERS.length);
  for (const [index, query] of queries.entries()) {
    assert.deepEqual(answer(store, query), ANSWERS[index], query);
  }
});

Deno.test("the question that needs SQL is answered by it", async () => {
  using store = await sampleStore();
  const rows = store.db.all<{ id: string }>(await everydaySql());
  assert.deepEqual(rows.map(({ id }) => id), ["snap-lost"]);
});

Deno.test("the queries of a core's action plugins are answered", async () => {
  const nodes = [
    plainNode({ kind: "aws_account", id: "1", name: "sandbox", account: "1", region: "" }),
    plainNode({
      kind: "aws_ec2_volume",
      id: "vol-1",
      account: "1",
      body: {
        tags: { expiration: "1h" },
        ctime: "2029-01-01T00:00:00Z",
        volume_status: "available",
      },
    }),
    plainNode({
      kind: "aws_ec2_instance",
      id: "i-1",
      account: "1",
      body: { tags: { owner: "x" }, ctime: "2029-01-01T00:00:00Z" },
    }),
    plainNode({ kind: "aws_vpc", id: "vpc-1", account: "1", marked: true }),
    plainNode({ kind: "aws_ec2_volume", id: "vol-2", account: "1", protected: "flagged" }),
    plainNode({ kind: "aws_cloudwatch_alarm", id: "alarm-1", account: "1" }),
  ];
  const dependency = (from: number, to: number): PlainEdge => ({ from, to, type: "dependency" });
  const edges = [dependency(0, 1), dependency(1, 2), dependency(3, 2), dependency(5, 2)];
  using store = await storeOf({ nodes, edges }, { kinds: KINDS });
  const place = 'ancestors.cloud.reported.id == "demo" and ancestors.account.reported.id == "1"';
  const exclusion =
    "metadata.protected == false and metadata.phantom == false and metadata.cleaned == false";
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["is(aws_cloudwatch_alarm) <-[0:]->", ["i-1", "alarm-1"]],
    ['reported.kind in ["aws_elb", "aws_alb", "aws_alb_target_group"] <-[0:]->', []],
    [
      "is(aws_vpc) and desired.clean == true and metadata.cleaned == false <-[0:]->",
      ["i-1", "vpc-1"],
    ],
    ['metadata.expires < "@NOW@"', ["vol-1"]],
    [
      `query ${exclusion} and reported.kind in ["aws_ec2_volume", "aws_ec2_instance"] and ` +
      `not(has_key(reported.tags, ["owner"])) and ((${place} and reported.age > 2h) or (${place} ` +
      "and reported.age > 1d))",
      ["vol-1"],
    ],
    ["is(volume) and reported.volume_status == available <-[0:]->", ["1", "vol-1", "i-1"]],
    [
      `(reported.id == "vol-1" and reported.kind == "aws_ec2_volume" and ` +
      `ancestors.region.reported.id == "eu" and ancestors.cloud.reported.id == "demo") or ` +
      `(reported.id == "none" and reported.kind == "aws_vpc")`,
      ["vol-1"],
    ],
    [
      `${exclusion} and reported.kind in ["aws_ec2_volume"] and has_key(reported.tags, expiration) ` +
      `and ((${place})) #tagvalidate <-[0:]-`,
      ["vol-1 tagvalidate", "1"],
    ],
    [
      'desired.clean == true and metadata.cleaned == false and ancestors.cloud.reported.id in ["demo"] <-[0:]->',
      ["i-1", "vpc-1"],
    ],
  ];
  for (const [query, wanted] of cases) {
    const parsed = parseQuery(expandMacros(query, NOW));
    const found = Array.from(
      prepareQuery(store, parsed, { now: NOW }).nodes(),
      ({ id, tag }) => tag === null ? id : `${id} ${tag}`,
    );
    assert.deepEqual(found, wanted, query);
  }
});

Deno.test("the aggregations of a core's metrics are answered", async () => {
  const nodes = [
    plainNode({ kind: "aws_account", id: "1", name: "sandbox", account: "1", region: "" }),
    plainNode({
      kind: "aws_ec2_instance_type",
      id: "m5.large",
      account: "1",
      body: { tags: {}, ondemand_cost: 0.5 },
    }),
    plainNode({
      kind: "aws_ec2_instance",
      id: "i-1",
      account: "1",
      body: {
        tags: {},
        instance_type: "m5.large",
        instance_status: "running",
        instance_memory: 8,
        instance_cores: 2,
      },
    }),
    plainNode({
      kind: "aws_ec2_instance",
      id: "i-2",
      account: "1",
      body: { tags: {}, instance_type: "m5.large", instance_status: "stopped", instance_memory: 8 },
    }),
  ];
  const edges: PlainEdge[] = [2, 3].map((to) => ({ from: 1, to, type: "dependency" }));
  using store = await storeOf({ nodes, edges }, { kinds: KINDS });
  const head = "cloud.name as cloud, account.name as account, region.name as region";
  const place = { cloud: "demo", account: "sandbox", region: "eu" };
  const cases: readonly (readonly [string, unknown])[] = [
    [
      `aggregate(${head}, instance_type as type, instance_status as status : sum(1) as ` +
      `instances_total) (merge_with_ancestors="cloud,account,region"): is("instance")`,
      [
        {
          group: { ...place, type: "m5.large", status: "running" },
          figures: { instances_total: 1 },
        },
        {
          group: { ...place, type: "m5.large", status: "stopped" },
          figures: { instances_total: 1 },
        },
      ],
    ],
    [
      `aggregate(${head}, instance_type as type : sum(instance_memory * 1024 * 1024 * 1024) as ` +
      `memory_bytes) (merge_with_ancestors="cloud,account,region"): is("instance") and ` +
      `instance_status == "running"`,
      [{ group: { ...place, type: "m5.large" }, figures: { memory_bytes: 8 * 1024 ** 3 } }],
    ],
    [
      `aggregate(${head}, instance_type as type : sum(parent_instance_type.ondemand_cost) as cost) ` +
      `(merge_with_ancestors="cloud,account,region,instance_type as parent_instance_type"): ` +
      `is("instance") and instance_status == "running"`,
      [{ group: { ...place, type: "m5.large" }, figures: { cost: 0.5 } }],
    ],
    [
      `aggregate(cloud.name as cloud, instance_type as type, quota_type: sum(1) as accounts_total) ` +
      `(merge_with_ancestors="cloud"): is("account")`,
      [{ group: { cloud: "demo", type: null, quota_type: null }, figures: { accounts_total: 1 } }],
    ],
    [
      `aggregate(${head}: sum(quota) as q) (merge_with_ancestors="cloud,account,region"): ` +
      `is("instance_quota") and quota >= 0`,
      [],
    ],
  ];
  for (const [query, wanted] of cases) assert.deepEqual(answer(store, query), wanted, query);
});
