import { defineResource, referred } from "../resource.ts";

/** A rule that changes a number of replicas. */
export const horizontalPodAutoscaler = defineResource({
  kind: "kubernetes_horizontal_pod_autoscaler",
  bases: ["kubernetes_resource", "resource"],
  collector: "horizontal_pod_autoscaler",
  description: "A rule that changes a number of replicas.",
  api: {
    group: "autoscaling",
    versions: ["v2", "v2beta2", "v1"],
    plural: "horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    namespaced: true,
  },
  definition: "autoscaling.v2.HorizontalPodAutoscaler",
  properties: [
    "spec.minReplicas",
    "spec.maxReplicas",
    "spec.scaleTargetRef",
    { path: "status.currentReplicas", volatile: true },
    { path: "status.desiredReplicas", volatile: true },
    { path: "status.lastScaleTime", volatile: true },
  ],
  edges: [
    ...referred("to", "spec.scaleTargetRef"),
  ],
});
