import { defineResource } from "../resource.ts";

/** How many requests to the API may run at once. */
export const priorityLevelConfiguration = defineResource({
  kind: "kubernetes_priority_level_configuration",
  bases: ["kubernetes_resource", "resource"],
  collector: "priority_level_configuration",
  description: "How many requests to the API may run at once.",
  api: {
    group: "flowcontrol.apiserver.k8s.io",
    versions: ["v1", "v1beta3"],
    plural: "prioritylevelconfigurations",
    kind: "PriorityLevelConfiguration",
    namespaced: false,
  },
  definition: "flowcontrol.v1.PriorityLevelConfiguration",
  properties: [
    { path: "spec.type", as: "priority_level_type" },
    { path: "spec.limited.nominalConcurrencyShares", as: "nominal_concurrency_shares" },
    { path: "spec.limited.lendablePercent", as: "lendable_percent" },
    { path: "spec.limited.borrowingLimitPercent", as: "borrowing_limit_percent" },
  ],
});
