import { listAt, textAt } from "ckworker";
import { deletedWithInstance } from "../hooks/auto_delete.ts";
import { diskPrice, diskPriceValues } from "../hooks/prices.ts";
import { lastSegment } from "../engine/link.ts";
import type { Raw } from "../raw.ts";
import { children, defineResource, parents } from "../resource.ts";

const STATUS: Readonly<Record<string, string>> = {
  CREATING: "busy",
  RESTORING: "busy",
  DELETING: "busy",
  READY: "in-use",
  FAILED: "error",
};

/** A disk of a zone or a region. */
export const disk = defineResource({
  kind: "gcp_disk",
  bases: ["gcp_resource", "volume"],
  description: "A disk of a zone, or one that a region keeps twice.",
  collector: "disks",
  service: "compute",
  schema: "Disk",
  collections: ["disks", "regionDisks"],
  properties: {
    volume_size: "sizeGb",
    last_attach_timestamp: {
      path: ["lastAttachTimestamp", "creationTimestamp"],
      type: "datetime",
    },
    last_detach_timestamp: {
      path: ["lastDetachTimestamp", "creationTimestamp"],
      type: "datetime",
    },
  },
  own: { delete_with_instance: ["boolean"] },
  values: (raw) => ({
    volume_status: statusOf(raw),
    volume_type: nameAt(raw, "type"),
    delete_with_instance: raw["$autoDelete"],
  }),
  omit: ["lastAttachTimestamp", "lastDetachTimestamp", "status", "type"],
  edges: [
    ...parents("gcp_disk_type", "type"),
    ...parents("gcp_resource_policy", "resourcePolicies[]"),
    ...children("gcp_instance", "users[]"),
  ],
  attach: deletedWithInstance,
  uses: { gcp_disk_type: "type" },
  last: true,
  labelling: { by: "setLabels" },
  deletable: true,
  cleanup: {
    along: [{ with: ["gcp_instance"], when: { delete_with_instance: [true] } }],
    loose: { disk_users: [], volume_status: ["available"] },
  },
});

/** A type of disks; those that some disk has. */
export const diskType = defineResource({
  kind: "gcp_disk_type",
  bases: ["gcp_resource", "volume_type"],
  phantom: true,
  description: "A type of disks, of which the project has any.",
  collector: "disk_types",
  service: "compute",
  schema: "DiskType",
  collections: ["diskTypes", "regionDiskTypes"],
  source: "used",
  properties: { volume_type: "name" },
  values: diskPriceValues,
  edges: parents("gcp_service_sku", "$skus[]"),
  attach: diskPrice,
});

/** A snapshot of a disk. */
export const snapshot = defineResource({
  kind: "gcp_snapshot",
  bases: ["gcp_resource", "snapshot"],
  description: "A snapshot of a disk, which outlives it.",
  collector: "snapshots",
  service: "compute",
  schema: "Snapshot",
  collections: ["snapshots"],
  projectLevel: true,
  properties: {
    storage_bytes: { path: "storageBytes", default: 0, absent: -1 },
    volume_size: { path: "diskSizeGb", absent: -1 },
    snapshot_status: "status",
  },
  values: (raw) => ({ volume_id: nameAt(raw, "sourceDisk") }),
  omit: ["sourceDisk"],
  labelling: { by: "setLabels" },
  deletable: true,
});

/** An image to make disks of. */
export const image = defineResource({
  kind: "gcp_image",
  bases: ["gcp_resource", "resource"],
  description: "An image of the project, of which disks are made.",
  collector: "images",
  service: "compute",
  schema: "Image",
  collections: ["images"],
  labelling: { by: "setLabels" },
  deletable: true,
});

function statusOf(raw: Raw): string {
  const status = textAt(raw, "status") ?? "";
  if (status === "READY" && listAt(raw, "users").length === 0) return "available";
  return Object.hasOwn(STATUS, status) ? STATUS[status] ?? "unknown" : "unknown";
}

function nameAt(raw: Raw, path: string): string | undefined {
  const link = textAt(raw, path);
  return link === undefined ? undefined : lastSegment(link);
}
