import assert from "node:assert/strict";
import { ActionGraph, readConfigText } from "../../../../lib/sdk/mod.ts";
import { type Accounts, configSchema } from "../../../../plugins/cleanup_aws_vpcs/config.ts";
import {
  decideVpcs,
  DEPENDANTS,
  KINDS,
  vpcsQuery,
} from "../../../../plugins/cleanup_aws_vpcs/rules.ts";
import { actionRecords } from "../../../support/action_node.ts";
import { coreEdge, coreNode, type NodeParts } from "../../../support/graph_core.ts";

function vpc(parts: NodeParts = {}) {
  return coreNode("vpc", { kind: "aws_vpc", marked: true, ...parts });
}
function subnet(parts: NodeParts = {}) {
  return coreNode("subnet", { kind: "aws_ec2_subnet", ...parts });
}
function instance(status: string, parts: NodeParts = {}) {
  return coreNode("i", {
    kind: "aws_ec2_instance",
    reported: { instance_status: status },
    ...parts,
  });
}
const IN_VPC = [coreEdge("vpc", "subnet"), coreEdge("subnet", "i")];

/** Decisions as `type id`. */
async function decide(
  records: readonly unknown[],
  accounts?: Accounts,
): Promise<readonly string[]> {
  const graph = await ActionGraph.read(actionRecords(records), KINDS);
  return decideVpcs(graph, accounts).map(({ type, node }) => `${type} ${node}`);
}

Deno.test("vpcsQuery(): the words of each generation", () => {
  assert.equal(
    vpcsQuery("ckcore"),
    'reported.kind == "aws_vpc" and desired.clean == true and metadata.cleaned != true <-[0:]->',
  );
  assert.equal(
    vpcsQuery("fixcore"),
    '/reported.kind == "aws_vpc" and /desired.clean == true and /metadata.cleaned != true <-[0:]->',
  );
});

for (
  const [title, records, expected] of [
    ["an empty VPC", [vpc()], []],
    ["a VPC with a subnet", [vpc(), subnet(), ...IN_VPC], ["mark subnet"]],
    ["a VPC that is not marked", [vpc({ marked: false }), subnet(), ...IN_VPC], []],
    ["a protected VPC", [vpc({ metadata: { protected: true } }), subnet(), ...IN_VPC], []],
    ["a cleaned VPC", [vpc({ metadata: { cleaned: true } }), subnet(), ...IN_VPC], []],
    ["a stale VPC", [vpc({ metadata: { stale: true } }), subnet(), ...IN_VPC], []],
    ["a live instance", [vpc(), subnet(), instance("running"), ...IN_VPC], ["unmark vpc"]],
    ["a stopped instance", [vpc(), subnet(), instance("stopped"), ...IN_VPC], ["unmark vpc"]],
    ["a busy instance", [vpc(), subnet(), instance("busy"), ...IN_VPC], ["unmark vpc"]],
    ["one of unknown state", [vpc(), subnet(), instance(""), ...IN_VPC], ["unmark vpc"]],
    [
      "a live instance in a stale VPC",
      [vpc({ metadata: { stale: true } }), subnet(), instance("running"), ...IN_VPC],
      ["unmark vpc"],
    ],
    [
      "a live instance that nobody saw lately",
      [vpc(), subnet(), instance("running", { metadata: { stale: true } }), ...IN_VPC],
      ["unmark vpc"],
    ],
    ["an ended instance", [vpc(), subnet(), instance("terminated"), ...IN_VPC], ["mark subnet"]],
    [
      "a live instance that is marked",
      [vpc(), subnet(), instance("running", { marked: true }), ...IN_VPC],
      ["mark subnet"],
    ],
    [
      "a live instance that is marked and protected",
      [
        vpc(),
        subnet(),
        instance("running", { marked: true, metadata: { protected: true } }),
        ...IN_VPC,
      ],
      ["unmark vpc"],
    ],
    ["a marked subnet", [vpc(), subnet({ marked: true }), ...IN_VPC], []],
    ["a cleaned subnet", [vpc(), subnet({ metadata: { cleaned: true } }), ...IN_VPC], []],
    ["a protected subnet", [vpc(), subnet({ metadata: { protected: true } }), ...IN_VPC], [
      "note vpc",
    ]],
    ["a stale subnet", [vpc(), subnet({ metadata: { stale: true } }), ...IN_VPC], ["note vpc"]],
    ["a phantom", [vpc(), subnet({ metadata: { phantom: true } }), ...IN_VPC], []],
    [
      "a database",
      [vpc(), coreNode("db", { kind: "aws_rds_instance" }), coreEdge("vpc", "db")],
      ["note vpc"],
    ],
    [
      "a marked database",
      [vpc(), coreNode("db", { kind: "aws_rds_instance", marked: true }), coreEdge("vpc", "db")],
      [],
    ],
    [
      "a subnet outside of it",
      [vpc(), subnet(), coreEdge("subnet", "vpc")],
      [],
    ],
  ] as const
) {
  Deno.test(`decideVpcs(): ${title}`, async () =>
    assert.deepEqual(await decide(records), expected));
}

Deno.test("decideVpcs(): marks every kind that goes with a VPC", async () => {
  const nodes = DEPENDANTS.map((kind) => coreNode(kind, { kind }));
  const edges = DEPENDANTS.map((kind) => coreEdge("vpc", kind));
  const decisions = await decide([vpc(), ...nodes, ...edges]);
  assert.deepEqual(decisions, DEPENDANTS.map((kind) => `mark ${kind}`));
  assert.equal(DEPENDANTS.length, 13);
});

Deno.test("decideVpcs(): what also lies in a VPC that is spared stays", async () => {
  const peering = coreNode("peer", { kind: "aws_vpc_peering_connection" });
  const other = coreNode("other", { kind: "aws_vpc", marked: true });
  const decisions = await decide([
    vpc(),
    other,
    peering,
    instance("running"),
    coreEdge("vpc", "peer"),
    coreEdge("other", "peer"),
    coreEdge("other", "i"),
  ]);
  assert.deepEqual(decisions, ["unmark other"]);
});

Deno.test("decideVpcs(): only in accounts that the file lists", async () => {
  const records = [vpc(), subnet(), ...IN_VPC];
  assert.deepEqual(await decide(records, { aws: ["111122223333"] }), ["mark subnet"]);
  for (const accounts of [{ aws: ["999"] }, { gcp: ["111122223333"] }, { aws: [] }]) {
    assert.deepEqual(await decide(records, accounts), []);
  }
});

Deno.test("decideVpcs(): a reason names what is in use, and not without end", async () => {
  const ids = Array.from({ length: 300 }, (_, index) => `i-${index}`);
  const graph = await ActionGraph.read(
    actionRecords([
      vpc(),
      ...ids.map((id) =>
        coreNode(id, { kind: "aws_ec2_instance", reported: { instance_status: "running" } })
      ),
      ...ids.map((id) => coreEdge("vpc", id)),
    ]),
    KINDS,
  );
  const [decision] = decideVpcs(graph, undefined);
  assert.match(decision?.reason ?? "", /^VPC is in use by aws_ec2_instance i-0, .* and 290 more$/);
});

Deno.test("cleanup_aws_vpcs: the file keeps account ids as they are written", async () => {
  const read = (text: string) => readConfigText("v.yaml", { "v.yaml": text }, configSchema);
  assert.deepEqual(await read("aws:\n  - 012345670123\n  - '0444'\n"), {
    aws: ["012345670123", "0444"],
  });
  await assert.rejects(read("- aws\n"), { code: "config.invalid", message: /v\.yaml:1:1/ });
  await assert.rejects(read("aws: x\n"), { code: "config.invalid", message: /v\.yaml:1:1: aws/ });
  await assert.rejects(read("aws:\n  - a: b\n"), { message: /v\.yaml:2:5: aws\.0/ });
});
