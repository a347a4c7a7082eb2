import { defineResource } from "../resource.ts";

/** A machine that runs pods. */
export const node = defineResource({
  kind: "kubernetes_node",
  bases: ["kubernetes_resource", "resource"],
  collector: "nodes",
  description: "A machine that runs pods.",
  api: { group: "", versions: ["v1"], plural: "nodes", kind: "Node", namespaced: false },
  definition: "core.v1.Node",
  pythonModule: "node",
  always: true,
  properties: [
    "spec.providerID",
    "spec.podCIDR",
    "spec.podCIDRs",
    "spec.unschedulable",
    "spec.taints",
    "status.capacity",
    "status.allocatable",
    "status.addresses",
    "status.conditions",
    "status.nodeInfo",
  ],
});
