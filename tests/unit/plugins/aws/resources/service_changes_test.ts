import assert from "node:assert/strict";
import { StackStatus } from "@aws-sdk/client-cloudformation";
import type { Change, NodeDeclaration } from "../../../../../plugins/aws/resource.ts";
import { resources } from "../../../../../plugins/aws/resources/mod.ts";

/** What tagging, untagging, preparing and deleting takes; kinds that are not here have none of it. */
const CHANGES: Readonly<
  Record<string, readonly [set: string, remove: string, prepare: string[], last: string]>
> = {
  aws_alb: ["AddTags", "RemoveTags", [], "DeleteLoadBalancer"],
  aws_alb_target_group: ["AddTags", "RemoveTags", [], "DeleteTargetGroup"],
  aws_autoscaling_group: ["CreateOrUpdateTags", "DeleteTags", [], "DeleteAutoScalingGroup"],
  aws_cloudformation_stack: ["UpdateStack", "UpdateStack", [], "DeleteStack"],
  aws_cloudwatch_alarm: ["TagResource", "UntagResource", [], "DeleteAlarms"],
  aws_eks_cluster: ["TagResource", "UntagResource", [], "DeleteCluster"],
  aws_eks_nodegroup: ["TagResource", "UntagResource", [], "DeleteNodegroup"],
  aws_elb: ["AddTags", "RemoveTags", [], "DeleteLoadBalancer"],
  aws_iam_access_key: ["", "", [], "DeleteAccessKey"],
  aws_iam_group: ["", "", ["DetachGroupPolicy", "DeleteGroupPolicy"], "DeleteGroup"],
  aws_iam_instance_profile: ["", "", ["RemoveRoleFromInstanceProfile"], "DeleteInstanceProfile"],
  aws_iam_policy: ["", "", [], "DeletePolicy"],
  aws_iam_role: ["", "", ["DetachRolePolicy", "DeleteRolePolicy"], "DeleteRole"],
  aws_iam_server_certificate: ["", "", [], "DeleteServerCertificate"],
  aws_iam_user: ["", "", ["DetachUserPolicy", "DeleteUserPolicy"], "DeleteUser"],
  aws_rds_instance: ["", "", [], ""],
  aws_s3_bucket: ["", "", ["DeleteObjects"], "DeleteBucket"],
};

const nodes: readonly NodeDeclaration[] = resources.flatMap(
  (resource) => [resource, ...(resource.children ?? [])],
);

function changeOf(kind: string): NonNullable<NodeDeclaration["change"]> {
  return nodes.find((each) => each.kind === kind)?.change ?? {};
}

function names(changes: readonly Change[] = []): readonly string[] {
  return changes.map(({ operation }) => operation);
}

for (const [kind, [set, remove, prepare, last]] of Object.entries(CHANGES)) {
  Deno.test(`${kind}: what can be changed, and by what`, () => {
    const change = changeOf(kind);
    assert.ok(nodes.some((each) => each.kind === kind));
    assert.deepEqual([
      names(change.setTag).join(),
      names(change.removeTag).join(),
      names(change.prepare),
      names(change.delete).join(),
    ], [set, remove, prepare, last]);
  });
}

for (
  const [kind, attached, own] of [
    ["aws_iam_user", "ListAttachedUserPolicies", "ListUserPolicies"],
    ["aws_iam_group", "ListAttachedGroupPolicies", "ListGroupPolicies"],
    ["aws_iam_role", "ListAttachedRolePolicies", "ListRolePolicies"],
  ] as const
) {
  Deno.test(`${kind}: every policy that is attached then is detached, then its own go`, () => {
    const [detach, drop] = changeOf(kind).prepare ?? [];
    assert.equal(detach?.each?.operation, attached);
    assert.equal(detach?.input["PolicyArn"], "$each.PolicyArn");
    assert.equal(drop?.each?.operation, own);
    assert.equal(drop?.input["PolicyName"], "$each");
  });
}

Deno.test("aws_s3_bucket: objects go 1000 at a time, and one that stays is no success", () => {
  const [empty] = changeOf("aws_s3_bucket").prepare ?? [];
  assert.deepEqual([empty?.each?.operation, empty?.together, empty?.undone], [
    "ListObjectsV2",
    1000,
    "Errors[]",
  ]);
});

Deno.test("aws_cloudformation_stack: waits for every state that is no progress", () => {
  const [update] = changeOf("aws_cloudformation_stack").setTag ?? [];
  const resting = Object.values(StackStatus).filter((status) => !status.endsWith("_IN_PROGRESS"));
  assert.deepEqual([...update?.ready?.until ?? []].sort(), resting.sort());
  assert.deepEqual([update?.ready?.every, update?.ready?.limit], [5, 300]);
});

Deno.test("aws_cloudformation_stack: an update to what is there already is not made", () => {
  for (const change of Object.values(changeOf("aws_cloudformation_stack")).slice(0, 2).flat()) {
    assert.deepEqual(change.unless, ["$tag.unchanged"]);
  }
});

Deno.test("aws_autoscaling_group: tags reach its instances; it goes with them", () => {
  const { setTag, delete: remove } = changeOf("aws_autoscaling_group");
  assert.ok(JSON.stringify(setTag?.[0]?.input).includes('"PropagateAtLaunch":true'));
  assert.equal(remove?.[0]?.input["ForceDelete"], true);
});
