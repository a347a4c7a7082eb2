import assert from "node:assert/strict";
import { ActionGraph } from "../../../../lib/sdk/mod.ts";
import {
  balancersQuery,
  decideBalancers,
  KINDS,
} from "../../../../plugins/cleanup_aws_loadbalancers/rules.ts";
import { actionRecords, daysAgo, NOW } from "../../../support/action_node.ts";
import { coreEdge, coreNode, type NodeParts } from "../../../support/graph_core.ts";

const LIMIT = 7 * 86_400_000;
const OLD = { ctime: daysAgo(30) };

function elb(parts: NodeParts = {}) {
  return coreNode("elb", {
    kind: "aws_elb",
    ...parts,
    reported: { ...OLD, backends: [], ...parts.reported },
  });
}
function alb(parts: NodeParts = {}) {
  return coreNode("alb", {
    kind: "aws_alb",
    ...parts,
    reported: { ...OLD, backends: [], ...parts.reported },
  });
}
function group(id: string, parts: NodeParts = {}) {
  const reported = { ...OLD, target_type: "instance", ...parts.reported };
  return coreNode(id, { kind: "aws_alb_target_group", ...parts, reported });
}
function instance(id: string, status: string | undefined, metadata = {}) {
  return coreNode(id, {
    kind: "aws_ec2_instance",
    metadata,
    reported: { instance_status: status },
  });
}

/** Ids of nodes that are marked in a graph. */
async function marked(...records: readonly unknown[]): Promise<readonly string[]> {
  const graph = await ActionGraph.read(actionRecords(records), KINDS);
  return decideBalancers(graph, LIMIT, NOW).map(({ node }) => node).toSorted();
}

Deno.test("balancersQuery(): the words of each generation", () => {
  const kinds = '["aws_elb", "aws_alb", "aws_alb_target_group"]';
  assert.equal(balancersQuery("ckcore"), `reported.kind in ${kinds} <-[0:1]->`);
  assert.equal(balancersQuery("fixcore"), `/reported.kind in ${kinds} <-[0:1]->`);
});

for (
  const [title, records, expected] of [
    ["an ELB with nothing behind it", [elb()], ["elb"]],
    ["an ELB with backends", [elb({ reported: { backends: ["i-1"] } })], []],
    ["an ELB whose backends nobody knows", [elb({ reported: { backends: undefined } })], []],
    ["an ELB with a live instance", [elb(), instance("i", "running"), coreEdge("i", "elb")], []],
    ["an ELB with an ended one", [elb(), instance("i", "terminated"), coreEdge("i", "elb")], [
      "elb",
    ]],
    [
      "an ELB with one of unknown state",
      [elb(), instance("i", undefined), coreEdge("i", "elb")],
      [],
    ],
    [
      "an ELB with one that ended when last seen, which is long ago",
      [elb(), instance("i", "terminated", { stale: true }), coreEdge("i", "elb")],
      [],
    ],
    ["a young ELB", [elb({ reported: { ctime: daysAgo(6) } })], []],
    ["an ELB exactly as old", [elb({ reported: { ctime: daysAgo(7) } })], ["elb"]],
    ["an ELB of unknown age", [elb({ reported: { ctime: undefined } })], []],
    ["an ELB for ever", [elb({ tags: { expiration: "never" } })], []],
    ["an ELB with another expiration", [elb({ tags: { expiration: "2d" } })], ["elb"]],
    ["a protected ELB", [elb({ metadata: { protected: true } })], []],
    ["a stale ELB", [elb({ metadata: { stale: true } })], []],
    ["a cleaned ELB", [elb({ metadata: { cleaned: true } })], []],
    ["a marked ELB", [elb({ marked: true })], []],
    ["an ALB without groups", [alb()], ["alb"]],
    ["an ALB without groups but with backends", [alb({ reported: { backends: ["i-1"] } })], []],
    [
      "an ALB whose listeners name a group that was not collected",
      [alb({
        reported: { listeners: [{ arn: "arn:aws:elasticloadbalancing:x:1:targetgroup/a/1" }] },
      })],
      [],
    ],
    ["a loose group", [group("g")], ["g"]],
    ["a group of unknown age", [group("g", { reported: { ctime: undefined } })], []],
    ["a young group", [group("g", { reported: { ctime: daysAgo(1) } })], []],
    [
      "a group whose load balancer was not collected",
      [group("g", { reported: { load_balancer_arns: ["arn:x"] } })],
      [],
    ],
    ["a group that names none", [group("g", { reported: { load_balancer_arns: [] } })], ["g"]],
    ["an ALB with an empty group", [alb(), group("g"), coreEdge("g", "alb")], ["alb", "g"]],
    [
      "an ALB with an ended instance behind it",
      [alb(), group("g"), instance("i", "terminated"), coreEdge("g", "alb"), coreEdge("i", "g")],
      ["alb", "g"],
    ],
    [
      "an ALB with a live instance behind it",
      [alb(), group("g"), instance("i", "running"), coreEdge("g", "alb"), coreEdge("i", "g")],
      [],
    ],
    [
      "an ALB of whose two groups one has a live instance",
      [
        alb(),
        group("g"),
        group("h"),
        instance("i", "running"),
        coreEdge("g", "alb"),
        coreEdge("h", "alb"),
        coreEdge("i", "h"),
      ],
      [],
    ],
    [
      "a balancer with addresses as targets",
      [alb(), group("g", { reported: { target_type: "ip" } }), coreEdge("g", "alb")],
      [],
    ],
    [
      "an old ALB with a young group",
      [alb(), group("g", { reported: { ctime: daysAgo(1) } }), coreEdge("g", "alb")],
      [],
    ],
    [
      "an ALB with a protected group",
      [alb(), group("g", { metadata: { protected: true } }), coreEdge("g", "alb")],
      [],
    ],
    [
      "an ALB with a group for ever",
      [alb(), group("g", { tags: { expiration: "never" } }), coreEdge("g", "alb")],
      [],
    ],
    ["an ALB with a marked group", [alb(), group("g", { marked: true }), coreEdge("g", "alb")], [
      "alb",
    ]],
    ["another kind", [coreNode("n", { kind: "aws_vpc", reported: OLD })], []],
  ] as const
) {
  Deno.test(`decideBalancers(): ${title}`, async () => {
    assert.deepEqual(await marked(...records), expected);
  });
}
