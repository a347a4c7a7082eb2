import { defineResource, named } from "../resource.ts";

/** A stateful set: pods with an identity of their own. */
export const statefulSet = defineResource({
  kind: "kubernetes_stateful_set",
  bases: ["kubernetes_resource", "resource"],
  collector: "stateful_set",
  description: "A stateful set: pods with an identity of their own.",
  api: {
    group: "apps",
    versions: ["v1"],
    plural: "statefulsets",
    kind: "StatefulSet",
    namespaced: true,
  },
  definition: "apps.v1.StatefulSet",
  pythonModule: "stateful_set",
  properties: [
    "spec.replicas",
    "spec.selector",
    "spec.serviceName",
    "spec.podManagementPolicy",
    "spec.updateStrategy",
    "spec.minReadySeconds",
    "spec.revisionHistoryLimit",
    { path: "spec.template.spec.containers", as: "template_containers" },
    "status.currentRevision",
    "status.updateRevision",
    { path: "status.availableReplicas", volatile: true },
    { path: "status.readyReplicas", volatile: true },
    { path: "status.updatedReplicas", volatile: true },
    { path: "status.currentReplicas", volatile: true },
  ],
  edges: [
    ...named("from", "kubernetes_service", "spec.serviceName"),
  ],
});
