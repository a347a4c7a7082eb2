import assert from "node:assert/strict";
import {
  alarmsQuery,
  instancesQuery,
  placesQuery,
} from "../../../../plugins/cleanup_aws_alarms/queries.ts";
import {
  decideAlarm,
  placeOf,
  seenPlaces,
  sortInstances,
  watchedInstances,
} from "../../../../plugins/cleanup_aws_alarms/rules.ts";
import { actionNode } from "../../../support/action_node.ts";
import type { NodeParts } from "../../../support/graph_core.ts";

const HERE = placeOf({ account: "111122223333", region: "eu-west-1" }) ?? "";

function alarm(ids: readonly string[], parts: NodeParts = {}) {
  const dimensions = ids.map((Value) => ({ Name: "InstanceId", Value }));
  return actionNode("a1", { kind: "aws_cloudwatch_alarm", reported: { dimensions }, ...parts });
}
const instance = (resource: string, status: string, metadata = {}) =>
  actionNode(`n-${resource}`, {
    kind: "aws_ec2_instance",
    resource,
    metadata,
    reported: { instance_status: status },
  });
const KNOWN = {
  ...sortInstances([
    instance("i-live", "running"),
    instance("i-ended", "terminated"),
    instance("i-doubt", "terminated", { stale: true }),
    instance("i-twice", "terminated"),
    instance("i-twice", "running"),
  ]),
  seenPlaces: new Set([HERE]),
};

for (
  const [title, node, isMarked] of [
    ["a missing instance", alarm(["i-gone"]), true],
    ["an ended instance", alarm(["i-ended"]), true],
    ["a live instance", alarm(["i-live"]), false],
    ["one that ended when last seen, which is long ago", alarm(["i-doubt"]), false],
    ["one that ended here and lives there", alarm(["i-twice"]), false],
    ["a missing and a live one", alarm(["i-gone", "i-live"]), false],
    ["a live and a missing one", alarm(["i-live", "i-gone"]), false],
    ["two missing ones", alarm(["i-gone", "i-ended"]), true],
    ["no instance", alarm([]), false],
    ["an instance without id", alarm([""]), false],
    [
      "a missing instance where none was seen",
      alarm(["i-gone"], {
        region: "us-east-1",
        reported: { dimensions: [{ Name: "InstanceId", Value: "i-gone" }] },
      }),
      false,
    ],
    [
      "an ended instance where none was seen",
      alarm(["i-ended"], {
        region: "us-east-1",
        reported: { dimensions: [{ Name: "InstanceId", Value: "i-ended" }] },
      }),
      true,
    ],
    [
      "something else",
      alarm([], {
        reported: { dimensions: [{ Name: "VolumeId", Value: "vol-1" }] },
      }),
      false,
    ],
    ["an unreadable list", alarm([], { reported: { dimensions: "InstanceId" } }), false],
    ["nothing that is known", alarm([], { reported: {} }), false],
  ] as const
) {
  Deno.test(`decideAlarm(): an alarm on ${title}`, () => {
    assert.equal(decideAlarm(node, undefined, KNOWN)?.type, isMarked ? "mark" : undefined);
  });
}

for (
  const [title, parts] of [
    ["protected", { metadata: { protected: true } }],
    ["stale", { metadata: { stale: true } }],
    ["marked", { marked: true }],
  ] as const
) {
  Deno.test(`decideAlarm(): an alarm that is ${title} stays as it is`, () => {
    const dimensions = [{ Name: "InstanceId", Value: "i-gone" }];
    const node = alarm([], { ...parts, reported: { dimensions } });
    assert.equal(decideAlarm(node, undefined, KNOWN), undefined);
  });
}

Deno.test("decideAlarm(): only in accounts that the file lists", () => {
  const node = alarm(["i-gone"]);
  assert.ok(decideAlarm(node, { aws: ["111122223333"] }, KNOWN));
  assert.equal(decideAlarm(node, { aws: ["1"] }, KNOWN), undefined);
  assert.equal(decideAlarm(node, {}, KNOWN), undefined);
});

Deno.test("watchedInstances(): dimensions as a cloud and as a core may write them", () => {
  const dimensions = [
    { Name: "InstanceId", Value: "i-1" },
    { name: "InstanceId", value: "i-2" },
    { Name: "AutoScalingGroupName", Value: "x" },
  ];
  assert.deepEqual(watchedInstances(alarm([], { reported: { dimensions } })), ["i-1", "i-2"]);
});

Deno.test("seenPlaces(): a place counts when instances are there and none is stale", () => {
  const group = (account: string | null, region: string, stale: unknown) => ({
    group: { account, region, stale },
    instances: 3,
  });
  const seen = seenPlaces([
    group("1", "a", null),
    group("1", "b", null),
    group("1", "b", true),
    group("1", "c", true),
    group("1", "d", false),
    group(null, "e", null),
    { instances: 1 },
  ]);
  assert.deepEqual(seen, new Set(['["1","a"]', '["1","d"]']));
});

Deno.test("queries of cleanup_aws_alarms: the words of each generation", () => {
  assert.match(alarmsQuery("ckcore"), /^reported\.kind == "aws_cloudwatch_alarm" and metadata\./);
  assert.equal(
    instancesQuery("fixcore", ["i-1", "i-2"]),
    '/reported.kind == "aws_ec2_instance" and /reported.id in ["i-1", "i-2"]',
  );
  assert.equal(
    placesQuery("ckcore"),
    "aggregate(ancestors.account.reported.id as account, ancestors.region.reported.id as region, " +
      'metadata.stale as stale: sum(1) as instances): reported.kind == "aws_ec2_instance"',
  );
  assert.match(placesQuery("fixcore"), /^aggregate\(\/ancestors\.account\.reported\.id as account/);
});
