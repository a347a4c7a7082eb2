import { children, defineResource, ofService, parents } from "../resource.ts";

/** A cluster of Kubernetes Engine. */
export const containerCluster = defineResource({
  kind: "gcp_container_cluster",
  bases: ["gcp_resource", "resource"],
  description: "A cluster of Kubernetes Engine.",
  collector: "container_clusters",
  service: "container",
  schema: "Cluster",
  collections: ["projects.locations.clusters"],
  lists: [{
    operation: "projects.locations.clusters.list",
    parameters: { parent: "projects/{project}/locations/-" },
  }],
  ctime: "createTime",
  labels: "resourceLabels",
  place: { location: "location" },
  // Links name zones, and the API's own names locations.
  link: ({ selfLink }) => String(selfLink).replace(/\/(zones|regions)\//, "/locations/"),
  omit: ["location", "masterAuth", "nodeConfig"],
  volatile: ["current_node_count"],
  edges: [
    ...ofService("compute", parents("gcp_network", "networkConfig.network")),
    ...ofService("compute", parents("gcp_subnetwork", "networkConfig.subnetwork")),
    ...children("gcp_instance_group_manager", "instanceGroupUrls[]"),
  ],
  labelling: { by: "setLabels", method: "setResourceLabels", member: "resourceLabels" },
  deletable: true,
});
