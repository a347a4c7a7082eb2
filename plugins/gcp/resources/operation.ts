import { textAt } from "ckworker";
import { children, defineResource, parents } from "../resource.ts";

const LOG = {
  bases: ["gcp_resource", "phantom_resource"],
  phantom: true,
  onRequest: true,
} as const;

/** A change of something of Compute Engine. */
export const operation = defineResource({
  ...LOG,
  kind: "gcp_operation",
  description: "A change of something of Compute Engine. Collected only if it is named.",
  collector: "operations",
  service: "compute",
  schema: "Operation",
  collections: ["globalOperations", "regionOperations", "zoneOperations"],
  lists: [{ operation: "globalOperations.aggregatedList" }],
  ctime: "insertTime",
  properties: { progress_percent: "progress" },
  volatile: ["progress_percent"],
  edges: children("gcp_resource", "targetLink"),
});

/** A change of an instance of Cloud SQL. */
export const sqlOperation = defineResource({
  ...LOG,
  kind: "gcp_sql_operation",
  pythonClass: "GCPSqlOperation",
  description: "A change of an instance of Cloud SQL. Collected only if it is named.",
  collector: "sql_operations",
  service: "sqladmin",
  schema: "Operation",
  collections: ["operations"],
  projectLevel: true,
  ctime: "insertTime",
  omit: ["targetProject"],
  edges: parents("gcp_database", "targetLink"),
});

/** A change of a cluster. */
export const containerOperation = defineResource({
  ...LOG,
  kind: "gcp_container_operation",
  description: "A change of a cluster of Kubernetes Engine. Collected only if it is named.",
  collector: "container_operations",
  service: "container",
  schema: "Operation",
  collections: ["projects.locations.operations"],
  lists: [{
    operation: "projects.locations.operations.list",
    parameters: { parent: "projects/{project}/locations/-" },
  }],
  ctime: "startTime",
  place: { location: "location" },
  omit: ["location"],
  volatile: ["operation_progress"],
  attach: {
    operations: [],
    gives: [],
    // The project stands there by its number, and the cluster in its zone or region.
    run: (raw, { project }) => {
      const [, place, cluster] = /\/(?:zones|regions|locations)\/([^/]+)\/clusters\/([^/]+)/.exec(
        textAt(raw, "targetLink") ?? "",
      ) ?? [];
      const name = `projects/${project}/locations/${place}/clusters/${cluster}`;
      return Promise.resolve(cluster === undefined ? {} : { $cluster: name });
    },
  },
  edges: parents("gcp_container_cluster", "$cluster"),
});
