import { defineResource } from "../resource.ts";

/** A replica set: a number of equal pods. */
export const replicaSet = defineResource({
  kind: "kubernetes_replica_set",
  bases: ["kubernetes_resource", "resource"],
  collector: "replica_set",
  description: "A replica set: a number of equal pods.",
  api: {
    group: "apps",
    versions: ["v1"],
    plural: "replicasets",
    kind: "ReplicaSet",
    namespaced: true,
  },
  definition: "apps.v1.ReplicaSet",
  pythonModule: "replica_set",
  properties: [
    { path: "spec.replicas", default: 0 },
    "spec.selector",
    "spec.minReadySeconds",
    { path: "spec.template.spec.containers", as: "template_containers" },
    { path: "status.availableReplicas", volatile: true },
    { path: "status.readyReplicas", volatile: true },
    { path: "status.fullyLabeledReplicas", volatile: true },
  ],
});
