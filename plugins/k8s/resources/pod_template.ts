import { defineResource } from "../resource.ts";

/** A template of pods that stands alone. */
export const podTemplate = defineResource({
  kind: "kubernetes_pod_template",
  bases: ["kubernetes_resource", "resource"],
  collector: "pod_template",
  description: "A template of pods that stands alone.",
  api: {
    group: "",
    versions: ["v1"],
    plural: "podtemplates",
    kind: "PodTemplate",
    namespaced: true,
  },
  definition: "core.v1.PodTemplate",
  properties: [
    { path: "template.spec.containers", as: "template_containers" },
  ],
});
