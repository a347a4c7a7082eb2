import {
  by,
  call,
  change,
  type Companion,
  defineResource,
  from,
  type Raw,
  to,
} from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";
import { accessTimes } from "../hooks/metrics.ts";
import { member, text } from "../engine/path.ts";
import { volumePrices } from "../hooks/prices.ts";
import { quotas } from "../hooks/quota.ts";

/**
 * Names of the limits of volume types at Service Quotas, in TiB, those of today first. Source: quota
 * names of service `ebs`.
 */
const QUOTAS: Readonly<Record<string, readonly string[]>> = {
  gp2: [storage("General Purpose SSD (gp2)"), "General Purpose (SSD) volume storage"],
  gp3: [storage("General Purpose SSD (gp3)")],
  io1: [storage("Provisioned IOPS SSD (io1)"), "Provisioned IOPS (SSD) volume storage"],
  io2: [storage("Provisioned IOPS SSD (io2)")],
  sc1: [storage("Cold HDD (sc1)"), "Max Cold HDD (SC1) Storage"],
  st1: [storage("Throughput Optimized HDD (st1)"), "Max Throughput Optimized HDD (ST1) Storage"],
  standard: [storage("Magnetic (standard)"), "Magnetic volume storage"],
};

/** The types of the volumes of a region. */
const type: Companion = {
  kind: "aws_ec2_volume_type",
  bases: ["aws_resource", "volume_type"],
  pythonClass: "AWSEC2VolumeType",
  description: "Monthly price and limit of the volumes of one type in a region.",
  phantom: true,
  list: {
    operations: [],
    *make(tools) {
      for (const name of [...tools.gathered("types")].sort()) yield { VolumeType: name };
    },
  },
  id: "VolumeType",
  attach: {
    Price: volumePrices("VolumeType"),
    Quota: quotas("ebs", (raw) => QUOTAS[text(raw, "VolumeType") ?? ""] ?? []),
  },
  properties: { volume_type: "VolumeType", ondemand_cost: "Price", quota: "Quota" },
};

/** Volumes with their types. */
export const volume = defineResource({
  kind: "aws_ec2_volume",
  bases: ["aws_resource", "volume"],
  pythonClass: "AWSEC2Volume",
  description: "A disk.",
  service: "ec2",
  scope: "region",
  collector: "volumes",
  list: call("DescribeVolumes", "Volumes[]", { MaxResults: 500 }),
  id: "VolumeId",
  arn: "VolumeArn",
  ctime: "CreateTime",
  // Only of what is not attached CloudWatch is asked; all else is in use now.
  atime: (raw, { now }) => isAvailable(raw) ? member(raw["Access"], "Atime") : now,
  mtime: (raw) => isAvailable(raw) ? member(raw["Access"], "Mtime") : undefined,
  attach: {
    Access: accessTimes({
      namespace: "AWS/EBS",
      dimension: ["VolumeId", "VolumeId"],
      atime: "VolumeReadOps",
      mtime: "VolumeWriteOps",
      ctime: "CreateTime",
      when: isAvailable,
    }),
  },
  volatile: ["atime", "mtime"],
  properties: {
    volume_size: "Size",
    volume_status: {
      value: "State",
      map: {
        creating: "busy",
        deleting: "busy",
        busy: "busy",
        available: "available",
        "in-use": "in-use",
        error: "error",
        deleted: "deleted",
      },
      default: "unknown",
    },
    volume_iops: "Iops",
    volume_throughput: "Throughput",
    volume_encrypted: "Encrypted",
    volume_kms_key_id: "KmsKeyId",
    volume_multi_attach_enabled: "MultiAttachEnabled",
    volume_outpost_arn: "OutpostArn",
    volume_snapshot_id: "SnapshotId",
  },
  edges: [
    from("aws_ec2_volume_type", by("id", "VolumeType")),
    to("aws_ec2_instance", by("id", "Attachments[].InstanceId")),
  ],
  gather: { types: "VolumeType" },
  companions: [type],
  read: call("DescribeVolumes", "Volumes[]", { VolumeIds: ["$id"] }),
  cleanup: {
    ended: [{ volume_status: ["deleted"] }],
    along: [{
      with: ["aws_ec2_instance"],
      when: { "attachments[].delete_on_termination": [true] },
    }],
    loose: { volume_status: ["available"], attachments: [] },
  },
  missing: ["InvalidVolume.NotFound"],
  change: {
    ...ec2Tagging,
    prepare: [change("CreateSnapshot", {
      VolumeId: "$id",
      Description: "Cloudkeeper created snapshot for volume {$id}",
      TagSpecifications: [{
        ResourceType: "snapshot",
        Tags: [
          { Key: "Name", Value: "CK snap of {$id}" },
          { Key: "owner", Value: "cloudkeeper" },
        ],
      }],
    }, {
      when: ["$.snapshot_before_delete"],
      permissions: ["ec2:CreateSnapshot", "ec2:CreateTags"],
      wait: {
        operation: call("DescribeSnapshots", "Snapshots[].State", {
          SnapshotIds: ["$answer.SnapshotId"],
        }),
        until: ["completed"],
        never: ["error"],
        every: 10,
        limit: 3600,
      },
    })],
    delete: [change("DeleteVolume", { VolumeId: "$id" })],
  },
});

function isAvailable(raw: Raw): boolean {
  return raw["State"] === "available";
}

function storage(volumes: string): string {
  return `Storage for ${volumes} volumes, in TiB`;
}
