import { textsAt } from "ckworker";
import { defineResource, named } from "../resource.ts";

/** Rules that lead requests from outside to services. */
export const ingress = defineResource({
  kind: "kubernetes_ingress",
  bases: ["kubernetes_resource", "load_balancer"],
  collector: "ingress",
  description: "Rules that lead requests from outside to services.",
  api: {
    group: "networking.k8s.io",
    versions: ["v1"],
    plural: "ingresses",
    kind: "Ingress",
    namespaced: true,
  },
  definition: "networking.v1.Ingress",
  properties: [
    "spec.ingressClassName",
    { path: "spec.rules", as: "ingress_rules" },
    { path: "spec.tls", as: "ingress_tls" },
    { path: "status.loadBalancer.ingress", as: "load_balancer_ingress" },
  ],
  edges: [
    ...named("from", "kubernetes_ingress_class", "spec.ingressClassName"),
    ...named(
      "to",
      "kubernetes_service",
      "spec.defaultBackend.service.name",
      "spec.rules[].http.paths[].backend.service.name",
    ),
    ...named("to", "kubernetes_secret", "spec.tls[].secretName"),
  ],
  values: (raw) => ({
    lb_type: "ingress",
    backends: [
      ...new Set([
        ...textsAt(raw, "spec.defaultBackend.service.name"),
        ...textsAt(raw, "spec.rules[].http.paths[].backend.service.name"),
      ]),
    ],
  }),
});
