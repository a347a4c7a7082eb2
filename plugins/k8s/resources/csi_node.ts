import { defineResource, named } from "../resource.ts";

/** Drivers of storage on a node. */
export const csiNode = defineResource({
  kind: "kubernetes_csi_node",
  bases: ["kubernetes_resource", "resource"],
  collector: "csi_node",
  description: "Drivers of storage on a node.",
  api: {
    group: "storage.k8s.io",
    versions: ["v1"],
    plural: "csinodes",
    kind: "CSINode",
    namespaced: false,
  },
  definition: "storage.v1.CSINode",
  properties: [
    { path: "spec.drivers", as: "csi_node_drivers" },
  ],
  edges: [
    ...named("to", "kubernetes_csi_driver", "spec.drivers[].name"),
  ],
});
