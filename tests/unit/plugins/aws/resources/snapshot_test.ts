import assert from "node:assert/strict";
import { snapshot } from "../../../../../plugins/aws/resources/snapshot.ts";
import { edgesOf, listFrom, recorded, theNode } from "../../../../support/aws_listing.ts";

Deno.test("snapshot: those of the account, with all that is known of the volume", async () => {
  const listed = await listFrom(
    { DescribeSnapshots: () => recorded("DescribeSnapshots") },
    snapshot,
  );
  assert.deepEqual(listed.calls[0]?.input["OwnerIds"], ["self"]);
  const node = theNode(listed, "aws_ec2_snapshot");
  const { ctime, snapshot_status, description, volume_id, volume_size } = node.reported;
  const { owner_id, owner_alias, encrypted } = node.reported;
  assert.deepEqual([node.id, node.name], ["snap-1", "nightly"]);
  assert.deepEqual([ctime, snapshot_status, description, volume_id, volume_size], [
    new Date("2026-01-10T08:31:00Z"),
    "completed",
    "nightly",
    "vol-2",
    50,
  ]);
  assert.deepEqual([owner_id, owner_alias, encrypted], ["123456789012", "self", true]);
  assert.deepEqual(edgesOf(node), []);
});
