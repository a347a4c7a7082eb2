import { defineResource } from "../resource.ts";

/** A number of equal pods, in the older form. */
export const replicationController = defineResource({
  kind: "kubernetes_replication_controller",
  bases: ["kubernetes_resource", "resource"],
  collector: "replication_controller",
  description: "A number of equal pods, in the older form.",
  api: {
    group: "",
    versions: ["v1"],
    plural: "replicationcontrollers",
    kind: "ReplicationController",
    namespaced: true,
  },
  definition: "core.v1.ReplicationController",
  properties: [
    "spec.replicas",
    { path: "spec.selector", as: "pod_selector" },
    "spec.minReadySeconds",
    { path: "spec.template.spec.containers", as: "template_containers" },
    { path: "status.availableReplicas", volatile: true },
    { path: "status.readyReplicas", volatile: true },
    { path: "status.fullyLabeledReplicas", volatile: true },
  ],
});
