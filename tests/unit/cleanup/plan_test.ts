import assert from "node:assert/strict";
import { type GraphReader, type Limits, makePlan, readCap } from "../../../lib/cleanup/mod.ts";
import { identityText, KindIndex } from "../../../lib/model/mod.ts";
import { AWS } from "../../support/aws_collect.ts";
import { PLANNED_AT, reader, type ReaderNode } from "../../support/clean_reader.ts";
import { NO_LIMITS } from "../../support/clean_world.ts";

const KINDS = new KindIndex(AWS.model.kinds);

function planOf(graph: GraphReader, limits: Partial<Limits> = {}) {
  return makePlan({
    reader: graph,
    kinds: KINDS,
    limits: { ...NO_LIMITS, ...limits },
    source: { type: "store", id: "s", name: "s" },
    now: PLANNED_AT,
  });
}

/** Ids of the entries by level. */
function levels(graph: GraphReader): readonly (readonly string[])[] {
  const { entries } = planOf(graph);
  const called = entries.filter(({ action }) => action === "delete");
  const groups = Map.groupBy(called, ({ level }) => level);
  return [...groups.keys()].sort((a, b) => a - b).map((level) =>
    (groups.get(level) ?? []).map(({ id }) => id).sort()
  );
}

/** Refusals as `id guard`. */
function refused(graph: GraphReader, limits: Partial<Limits> = {}): readonly string[] {
  return planOf(graph, limits).refusals.map(({ id, guard }) => `${id} ${guard}`).sort();
}

const vpc = (more: Partial<ReaderNode> = {}): ReaderNode => ({
  kind: "aws_vpc",
  id: "vpc",
  ...more,
});
const instance = (id: string, more: Partial<ReaderNode> = {}): ReaderNode => ({
  kind: "aws_ec2_instance",
  id,
  ...more,
});

Deno.test("plan: a network goes after what hangs on it, level by level", () => {
  const graph = reader([
    vpc(),
    { kind: "aws_ec2_subnet", id: "subnet" },
    { kind: "aws_ec2_network_interface", id: "card" },
    instance("i"),
    { kind: "aws_ec2_volume", id: "vol" },
  ], [
    ["vpc", "subnet"],
    ["vpc", "card"],
    ["subnet", "card"],
    ["vpc", "i"],
    ["subnet", "i"],
    ["card", "i"],
    ["vol", "i"],
  ]);
  assert.deepEqual(levels(graph), [["i"], ["card", "vol"], ["subnet"], ["vpc"]]);
});

Deno.test("plan: the order passes through what is not part of it", () => {
  const graph = reader(
    [vpc(), { kind: "aws_ec2_subnet", id: "subnet", marked: false }, instance("i")],
    [["vpc", "subnet"], ["subnet", "i"]],
  );
  assert.deepEqual(levels(graph), [["i"], ["vpc"]]);
  const [, last] = planOf(graph).entries;
  assert.deepEqual(last?.users, ["aws_ec2_subnet subnet"]);
});

Deno.test("plan: a delete edge goes before the dependencies of the same two nodes", () => {
  const nodes = [{ kind: "aws_ec2_snapshot", id: "a" }, { kind: "aws_ec2_snapshot", id: "b" }];
  assert.deepEqual(levels(reader(nodes, [["a", "b"]])), [["b"], ["a"]]);
  assert.deepEqual(levels(reader(nodes, [["a", "b"], ["b", "a", "delete"]])), [["a"], ["b"]]);
});

Deno.test("plan: kinds say what goes first where edges say otherwise, or nothing", () => {
  const policy = { kind: "aws_iam_policy", id: "policy" };
  const role = { kind: "aws_iam_role", id: "role" };
  assert.deepEqual(levels(reader([role, policy], [["role", "policy"]])), [["role"], ["policy"]]);
  const graph = reader([
    vpc(),
    { kind: "aws_ec2_internet_gateway", id: "igw" },
    { kind: "aws_ec2_nat_gateway", id: "nat" },
    { kind: "aws_ec2_route_table", id: "table" },
  ], [["vpc", "igw"], ["vpc", "nat"], ["vpc", "table"]]);
  assert.deepEqual(levels(graph), [["nat"], ["igw", "table"], ["vpc"]]);
});

Deno.test("plan: a circle is refused as a whole, and holds back what it stands on", () => {
  const graph = reader([
    vpc(),
    { kind: "aws_ec2_subnet", id: "a" },
    { kind: "aws_ec2_subnet", id: "b" },
    { kind: "aws_ec2_keypair", id: "other" },
  ], [["vpc", "a"], ["a", "b"], ["b", "a"]]);
  assert.deepEqual(refused(graph), ["a held_back", "b held_back", "vpc held_back"]);
  assert.match(planOf(graph).refusals[0]?.why ?? "", /depend on each other in a circle/);
  assert.deepEqual(levels(graph), [["other"]]);
});

Deno.test("plan: what stays holds back what it stands on, however far below it is", () => {
  const graph = (last: Partial<ReaderNode>) =>
    reader(
      [vpc(), { kind: "aws_ec2_subnet", id: "subnet", marked: false }, instance("i", last)],
      [["vpc", "subnet"], ["subnet", "i"]],
    );
  assert.deepEqual(refused(graph({ protected: true })), ["i protected", "vpc held_back"]);
  assert.deepEqual(refused(graph({ protected: true, marked: false })), ["vpc held_back"]);
  const denied = { outcome: "denied", at: "2030-01-01T00:00:00Z", stale: false } as const;
  assert.deepEqual(refused(graph({ look: denied })), ["i stale", "vpc held_back"]);
  assert.deepEqual(refused(graph({ phantom: true })), ["i phantom"]);
  assert.deepEqual(refused(graph({ marked: false })), []);
});

Deno.test("plan: what a cloud deletes with its parent is not called, and goes with it alone", () => {
  const group = { kind: "aws_ec2_security_group", id: "sg", name: "default" };
  const graph = reader([vpc(), group], [["vpc", "sg"]]);
  assert.deepEqual(planOf(graph).entries.map(({ id, action }) => `${id} ${action}`), [
    "sg goes_with",
    "vpc delete",
  ]);
  const [first, second] = planOf(graph).entries;
  assert.equal(first?.with, second === undefined ? "" : identityText(second));
  assert.deepEqual(second?.after, []);
  assert.deepEqual(refused(reader([vpc({ marked: false }), group], [["vpc", "sg"]])), [
    "sg unsupported",
  ]);
  assert.deepEqual(refused(reader([vpc({ protected: true }), group], [["vpc", "sg"]])), [
    "sg unsupported",
    "vpc protected",
  ]);
  const kept = reader([vpc(), group, instance("i", { protected: true, marked: false })], [
    ["vpc", "sg"],
    ["sg", "i"],
    ["vpc", "i"],
  ]);
  assert.deepEqual(refused(kept), ["sg held_back", "vpc held_back"]);
});

Deno.test("plan: interfaces of a balancer go with it, and a subnet waits for them", () => {
  const subnet = { kind: "aws_ec2_subnet", id: "subnet" };
  const balancer = { kind: "aws_alb", id: "web" };
  const card = (reported: Record<string, unknown>): ReaderNode => ({
    kind: "aws_ec2_network_interface",
    id: "eni",
    reported: { tags: {}, ...reported },
  });
  const edges = [["subnet", "eni"], ["eni", "web"]] as const;
  for (
    const told of [
      { attachment: { instance_owner_id: "amazon-elb" } },
      { network_interface_type: "network_load_balancer" },
    ]
  ) {
    const { entries } = planOf(reader([subnet, card(told), balancer], edges));
    assert.deepEqual(
      entries.map(({ id, action, level, after }) => [id, action, level, after.length]),
      [["web", "delete", 0, 0], ["eni", "goes_with", 0, 0], ["subnet", "delete", 1, 2]],
    );
    const alone = reader([subnet, card(told), { ...balancer, marked: false }], edges);
    assert.deepEqual(refused(alone), ["eni unsupported", "subnet held_back"]);
  }
  assert.deepEqual(levels(reader([subnet, card({}), balancer], edges)), [["web"], ["eni"], [
    "subnet",
  ]]);
});

Deno.test("plan: nothing is deleted that would take something protected along", () => {
  const volume = (more: Partial<ReaderNode>): ReaderNode => ({
    kind: "aws_ec2_volume",
    id: "vol",
    marked: false,
    reported: { tags: {}, attachments: [{ instance_id: "i", delete_on_termination: true }] },
    ...more,
  });
  const edges = [["vol", "i"]] as const;
  assert.deepEqual(refused(reader([instance("i"), volume({ protected: true })], edges)), [
    "i held_back",
  ]);
  const [taken] = planOf(reader([instance("i"), volume({})], edges)).entries;
  assert.deepEqual(taken?.takes, ["aws_ec2_volume vol"]);
  const attached = (told: object) => ({ tags: {}, attachments: [{ instance_id: "i", ...told }] });
  const stays = volume({ protected: true, reported: attached({ delete_on_termination: false }) });
  assert.deepEqual(refused(reader([instance("i"), stays], edges)), []);
  const untold = volume({ protected: true, reported: attached({}) });
  assert.deepEqual(refused(reader([instance("i"), untold], edges)), ["i held_back"]);
  const group = { kind: "aws_autoscaling_group", id: "asg" };
  const chain = reader(
    [group, instance("i", { marked: false }), volume({ protected: true })],
    [["vol", "i"], ["i", "asg"]],
  );
  assert.deepEqual(refused(chain), ["asg held_back"]);
  const stack = { kind: "aws_cloudformation_stack", id: "arn:stack" };
  const part = (tags: Record<string, string>) =>
    instance("i", { marked: false, protected: true, reported: { tags } });
  const tag = { "aws:cloudformation:stack-id": "arn:stack" };
  assert.deepEqual(refused(reader([stack, part(tag)])), ["arn:stack held_back"]);
  assert.deepEqual(refused(reader([stack, part({})])), []);
});

Deno.test("plan: guards are asked in their order, and each says why", () => {
  const old = { outcome: "complete", at: "2029-12-30T00:00:00Z", stale: false } as const;
  const everything = { phantom: true, protected: true, account: "2", look: old };
  const limits = { denyAccounts: ["2"], cap: readCap("0") };
  const one = (more: Partial<ReaderNode>) => refused(reader([instance("i", more)]), limits);
  assert.deepEqual(one(everything), ["i phantom"]);
  assert.deepEqual(one({ ...everything, phantom: false }), ["i protected"]);
  assert.deepEqual(one({ account: "2", look: old }), ["i account"]);
  assert.deepEqual(one({ look: old }), ["i stale"]);
  assert.deepEqual(one({}), ["i cap"]);
  const database = reader([{ kind: "aws_rds_instance", id: "db" }]);
  assert.deepEqual(refused(database), ["db unsupported"]);
  assert.deepEqual(refused(reader([instance("i", { account: "undefined" })])), ["i account"]);
  for (
    const outcome of [
      "denied",
      "failed",
      "throttled_out",
      "cancelled",
      "skipped",
      "not_enabled",
    ] as const
  ) {
    const look = { outcome, at: "2030-01-01T00:00:00Z", stale: false };
    assert.deepEqual(refused(reader([instance("i", { look })])), ["i stale"]);
  }
  for (const at of ["soon", "2031-01-01T00:00:00Z"]) {
    const look = { outcome: "complete", at, stale: false } as const;
    assert.deepEqual(refused(reader([instance("i", { look })])), ["i stale"], at);
  }
});

Deno.test("plan: the default network is refused, whatever protects it", () => {
  const graph = reader([vpc({ reported: { is_default: true } })]);
  assert.deepEqual(refused(graph), ["vpc unsupported"]);
});

Deno.test("plan: the cap is of an account as a whole, a tenth and at least twenty by default", () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => instance(`i${i}`));
  const limits = { cap: readCap(undefined) };
  assert.equal(refused(reader(many(20), [], 30), limits).length, 0);
  assert.equal(refused(reader(many(21), [], 30), limits).length, 21);
  assert.equal(refused(reader(many(21), [], 210), limits).length, 0);
  const two = [...many(21), instance("other", { account: "2" })];
  assert.equal(refused(reader(two, [], 30), limits).length, 21);
  assert.equal(refused(reader(many(3), [], 100), { cap: readCap("2%") }).length, 3);
  assert.equal(refused(reader(many(3)), { cap: readCap("3") }).length, 0);
  for (const bad of ["", "-1", "101%", "1.5", "x"]) {
    assert.throws(() => readCap(bad), /--cleanup-max/);
  }
});

Deno.test("plan: what is listed and does not exist any more is only marked off", () => {
  const graph = reader([instance("i", { reported: { instance_status: "terminated" } })]);
  assert.deepEqual(planOf(graph).entries.map(({ action }) => action), ["ended"]);
  assert.deepEqual(refused(graph, { cap: readCap("0") }), []);
});
