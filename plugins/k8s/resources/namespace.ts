import { defineResource } from "../resource.ts";

/** A namespace: the region of what lies in it. */
export const namespace = defineResource({
  kind: "kubernetes_namespace",
  bases: ["kubernetes_resource", "region"],
  collector: "namespaces",
  description: "A namespace: the region of what lies in it.",
  api: { group: "", versions: ["v1"], plural: "namespaces", kind: "Namespace", namespaced: false },
  definition: "core.v1.Namespace",
  pythonModule: "namespace",
  always: true,
  properties: [
    { path: "status.phase", as: "namespace_phase" },
  ],
});
