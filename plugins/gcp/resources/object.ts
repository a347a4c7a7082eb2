import { textAt } from "ckworker";
import type { Raw } from "../raw.ts";
import { defineResource, parents } from "../resource.ts";

/** Names are unique within a bucket. */
function idOf(raw: Raw): string | undefined {
  const [bucket, name] = [textAt(raw, "bucket"), textAt(raw, "name")];
  return bucket === undefined || name === undefined ? undefined : `${bucket}/${name}`;
}

/** An object of a bucket. There may be millions of them. */
export const object = defineResource({
  kind: "gcp_object",
  bases: ["gcp_resource", "resource"],
  description: "An object of a bucket, without its contents. Collected on request only.",
  collector: "objects",
  onRequest: true,
  service: "storage",
  schema: "Object",
  collections: ["objects"],
  under: { kind: "gcp_bucket", parameters: { bucket: "name" } },
  projectLevel: true,
  id: idOf,
  ctime: "timeCreated",
  mtime: "updated",
  omit: ["acl", "bucket", "customerEncryption", "mediaLink", "owner", "restoreToken"],
  edges: parents("gcp_bucket", "$parent"),
  orphan: true,
});
