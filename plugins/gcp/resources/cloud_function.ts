import { defineResource } from "../resource.ts";

/** A function, or what runs as one. */
export const cloudFunction = defineResource({
  kind: "gcp_cloud_function",
  bases: ["gcp_resource", "resource"],
  description: "A function of Cloud Run functions, of either generation.",
  collector: "cloud_functions",
  service: "cloudfunctions",
  schema: "Function",
  collections: ["projects.locations.functions"],
  lists: [{
    operation: "projects.locations.functions.list",
    parameters: { parent: "projects/{project}/locations/-" },
  }],
  ctime: "createTime",
  mtime: "updateTime",
  place: { location: "name" },
  link: ({ name }) => `https://cloudfunctions.googleapis.com/v2/${name}`,
  labelling: { by: "patch", path: "labels", masked: true },
  deletable: true,
});
