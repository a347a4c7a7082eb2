import { defineResource } from "../resource.ts";

/** A way to run containers. */
export const runtimeClass = defineResource({
  kind: "kubernetes_runtime_class",
  bases: ["kubernetes_resource", "resource"],
  collector: "runtime_class",
  description: "A way to run containers.",
  api: {
    group: "node.k8s.io",
    versions: ["v1"],
    plural: "runtimeclasses",
    kind: "RuntimeClass",
    namespaced: false,
  },
  definition: "node.v1.RuntimeClass",
  properties: [
    "handler",
  ],
});
