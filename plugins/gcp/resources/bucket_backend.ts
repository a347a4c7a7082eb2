import { textAt } from "ckworker";
import { defineResource, ofService, parents } from "../resource.ts";

/** A bucket behind a load balancer. */
export const backendBucket = defineResource({
  kind: "gcp_backend_bucket",
  bases: ["gcp_resource", "bucket"],
  description: "A bucket behind a load balancer.",
  collector: "backend_buckets",
  service: "compute",
  schema: "BackendBucket",
  collections: ["backendBuckets", "regionBackendBuckets"],
  volatile: ["used_by"],
  attach: {
    operations: [],
    gives: [],
    // The bucket is named alone, and every name is that of one bucket.
    run: (raw) => {
      const name = textAt(raw, "bucketName");
      const $bucket = `https://www.googleapis.com/storage/v1/b/${name}`;
      return Promise.resolve(name === undefined ? {} : { $bucket });
    },
  },
  edges: [
    ...ofService("storage", parents("gcp_bucket", "$bucket")),
    ...parents("gcp_url_map", "usedBy[].reference"),
    ...parents("gcp_security_policy", "edgeSecurityPolicy"),
  ],
  deletable: true,
  cleanup: { first: [{ kind: "gcp_url_map" }] },
});
