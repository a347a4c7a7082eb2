import { defineResource } from "../resource.ts";

/** A bucket of objects. */
export const bucket = defineResource({
  kind: "gcp_bucket",
  bases: ["gcp_resource", "bucket"],
  description: "A bucket of objects.",
  collector: "buckets",
  service: "storage",
  schema: "Bucket",
  collections: ["buckets"],
  projectLevel: true,
  ctime: "timeCreated",
  mtime: "updated",
  properties: {
    bucket_location: { path: "location", default: "" },
    bucket_location_type: { path: "locationType", default: "" },
    storage_class: { path: "storageClass", default: "" },
    zone_separation: { path: "zoneSeparation", type: "boolean", default: false },
  },
  omit: ["etag", "acl", "defaultObjectAcl", "metageneration", "generation"],
  labelling: { by: "patch", path: "labels" },
  deletable: true,
  prepare: "empty_bucket",
});
