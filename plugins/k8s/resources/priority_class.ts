import { defineResource } from "../resource.ts";

/** A rank of pods. */
export const priorityClass = defineResource({
  kind: "kubernetes_priority_class",
  bases: ["kubernetes_resource", "resource"],
  collector: "priority_class",
  description: "A rank of pods.",
  api: {
    group: "scheduling.k8s.io",
    versions: ["v1"],
    plural: "priorityclasses",
    kind: "PriorityClass",
    namespaced: false,
  },
  definition: "scheduling.v1.PriorityClass",
  properties: [
    { path: "value", as: "priority_value" },
    "globalDefault",
    { path: "description", as: "priority_description" },
    "preemptionPolicy",
  ],
});
