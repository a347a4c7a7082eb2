import { defineResource } from "../resource.ts";

/** A project, the account of everything else. */
export const project = defineResource({
  kind: "gcp_project",
  bases: ["gcp_resource", "account"],
  description: "A project.",
  service: "cloudresourcemanager",
  schema: "Project",
  collections: ["projects"],
  source: "projects",
  id: "projectId",
  // The name is part of the node id, so it stays what it was.
  name: "projectId",
  ctime: "createTime",
  properties: { project_title: "name" },
  omit: ["projectId"],
});

/** A region. */
export const region = defineResource({
  kind: "gcp_region",
  bases: ["gcp_resource", "region"],
  description: "A region.",
  service: "compute",
  schema: "Region",
  collections: ["regions"],
  source: "places",
  properties: { region_status: "status" },
  omit: ["quotas", "quotaStatusWarning", "zones"],
});

/** A zone. */
export const zone = defineResource({
  kind: "gcp_zone",
  bases: ["gcp_resource", "zone"],
  description: "A zone of a region.",
  service: "compute",
  schema: "Zone",
  collections: ["zones"],
  source: "places",
  properties: { zone_status: "status" },
});
