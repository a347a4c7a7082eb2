import { by, call, change, constant, defineResource, from } from "../resource.ts";
import { quota } from "../hooks/quota.ts";

/** Buckets of all regions, which is why they lie in the global one; and their quota. */
export const s3Bucket = defineResource({
  kind: "aws_s3_bucket",
  bases: ["aws_resource", "bucket"],
  pythonClass: "AWSS3Bucket",
  description: "Holds objects.",
  service: "s3",
  scope: "global",
  collector: "s3_buckets",
  // S3 tells a bucket's region only to those who ask for pages.
  list: call("ListBuckets", "Buckets[]", { MaxBuckets: 1000 }),
  id: "Name",
  name: "Name",
  arn: "BucketArn",
  ctime: "CreationDate",
  edges: [from("aws_s3_bucket_quota", by("id", constant("s3_quota")))],
  companions: [quota({
    kind: "aws_s3_bucket_quota",
    bases: ["aws_resource", "bucket_quota"],
    pythonClass: "AWSS3BucketQuota",
    id: "s3_quota",
  })],
  missing: ["NoSuchBucket"],
  changedIn: "bucket_region",
  change: {
    // Objects that are there now; older versions stay and keep the bucket.
    prepare: [
      change("DeleteObjects", {
        Bucket: "$id",
        Delete: { Objects: [{ Key: "$each.Key" }], Quiet: true },
      }, {
        each: call("ListObjectsV2", "Contents[]", { Bucket: "$id" }),
        together: 1000,
        when: ["$each.Key"],
        undone: "Errors[]",
      }),
    ],
    delete: [change("DeleteBucket", { Bucket: "$id" })],
  },
});
