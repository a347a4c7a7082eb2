import { defineResource } from "../resource.ts";

/** A controller that serves ingresses. */
export const ingressClass = defineResource({
  kind: "kubernetes_ingress_class",
  bases: ["kubernetes_resource", "resource"],
  collector: "ingress_class",
  description: "A controller that serves ingresses.",
  api: {
    group: "networking.k8s.io",
    versions: ["v1"],
    plural: "ingressclasses",
    kind: "IngressClass",
    namespaced: false,
  },
  definition: "networking.v1.IngressClass",
  properties: [
    "spec.controller",
  ],
});
