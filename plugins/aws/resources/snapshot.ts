import { call, change, defineResource } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** Snapshots that the account owns, not those that others share with it. */
export const snapshot = defineResource({
  kind: "aws_ec2_snapshot",
  bases: ["aws_resource", "snapshot"],
  pythonClass: "AWSEC2Snapshot",
  description: "A copy of a volume at one moment.",
  service: "ec2",
  scope: "region",
  collector: "snapshots",
  list: call("DescribeSnapshots", "Snapshots[]", { OwnerIds: ["self"], MaxResults: 1000 }),
  id: "SnapshotId",
  ctime: "StartTime",
  properties: { snapshot_status: "State" },
  read: call("DescribeSnapshots", "Snapshots[]", { SnapshotIds: ["$id"] }),
  missing: ["InvalidSnapshot.NotFound"],
  change: { ...ec2Tagging, delete: [change("DeleteSnapshot", { SnapshotId: "$id" })] },
});
