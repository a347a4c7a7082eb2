import { defineResource } from "../resource.ts";

/** How many pods may be missing on purpose. */
export const podDisruptionBudget = defineResource({
  kind: "kubernetes_pod_disruption_budget",
  bases: ["kubernetes_resource", "resource"],
  collector: "pod_disruption_budget",
  description: "How many pods may be missing on purpose.",
  api: {
    group: "policy",
    versions: ["v1", "v1beta1"],
    plural: "poddisruptionbudgets",
    kind: "PodDisruptionBudget",
    namespaced: true,
  },
  definition: "policy.v1.PodDisruptionBudget",
  properties: [
    "spec.minAvailable",
    { path: "spec.maxUnavailable", as: "budget_max_unavailable" },
    "spec.selector",
    { path: "status.currentHealthy", volatile: true },
    { path: "status.desiredHealthy", volatile: true },
    { path: "status.disruptionsAllowed", volatile: true },
    { path: "status.expectedPods", volatile: true },
  ],
  selects: "spec.selector",
});
