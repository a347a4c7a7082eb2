import { defineResource } from "../resource.ts";

/** A deployment: replica sets, one after the other. */
export const deployment = defineResource({
  kind: "kubernetes_deployment",
  bases: ["kubernetes_resource", "resource"],
  collector: "deployments",
  description: "A deployment: replica sets, one after the other.",
  api: {
    group: "apps",
    versions: ["v1"],
    plural: "deployments",
    kind: "Deployment",
    namespaced: true,
  },
  definition: "apps.v1.Deployment",
  pythonModule: "deployment",
  properties: [
    "spec.replicas",
    "spec.paused",
    "spec.selector",
    "spec.strategy",
    "spec.minReadySeconds",
    "spec.revisionHistoryLimit",
    "spec.progressDeadlineSeconds",
    { path: "spec.template.spec.containers", as: "template_containers" },
    { path: "status.availableReplicas", volatile: true },
    { path: "status.readyReplicas", volatile: true },
    { path: "status.updatedReplicas", volatile: true },
    { path: "status.unavailableReplicas", volatile: true },
    { path: "status.conditions", volatile: true },
  ],
});
