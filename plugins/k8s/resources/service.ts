import { defineResource } from "../resource.ts";

/** A name and an address for a set of pods. Only some are balancers, so it is none by its base. */
export const service = defineResource({
  kind: "kubernetes_service",
  bases: ["kubernetes_resource", "resource"],
  collector: "service",
  description: "A name and an address for a set of pods.",
  api: { group: "", versions: ["v1"], plural: "services", kind: "Service", namespaced: true },
  definition: "core.v1.Service",
  properties: [
    { path: "spec.type", as: "service_type" },
    "spec.clusterIP",
    "spec.clusterIPs",
    "spec.externalIPs",
    "spec.externalName",
    "spec.externalTrafficPolicy",
    "spec.internalTrafficPolicy",
    "spec.ipFamilies",
    "spec.loadBalancerClass",
    "spec.sessionAffinity",
    "spec.ports",
    { path: "spec.selector", as: "pod_selector" },
    { path: "status.loadBalancer.ingress", as: "load_balancer_ingress" },
  ],
  selects: "spec.selector",
});
