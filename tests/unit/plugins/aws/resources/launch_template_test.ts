import assert from "node:assert/strict";
import { launchTemplate } from "../../../../../plugins/aws/resources/launch_template.ts";
import { listFrom, recorded, theNode } from "../../../../support/aws_listing.ts";

Deno.test("launch template: named as in the cloud, with tags, time and versions", async () => {
  const answers = { DescribeLaunchTemplates: () => recorded("DescribeLaunchTemplates") };
  const { id, name, reported } = theNode(
    await listFrom(answers, launchTemplate),
    "aws_ec2_launch_template",
  );
  assert.deepEqual([id, name, reported["tags"]], ["lt-1", "web", { owner: "lisa" }]);
  assert.deepEqual(reported["ctime"], new Date("2026-01-01T00:00:00Z"));
  assert.deepEqual([reported["latest_version_number"], reported["created_by"]], [
    3,
    "arn:aws:iam::123456789012:user/lisa",
  ]);
});
