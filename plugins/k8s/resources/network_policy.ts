import { defineResource } from "../resource.ts";

/** Who may talk to pods. */
export const networkPolicy = defineResource({
  kind: "kubernetes_network_policy",
  bases: ["kubernetes_resource", "resource"],
  collector: "network_policy",
  description: "Who may talk to pods.",
  api: {
    group: "networking.k8s.io",
    versions: ["v1"],
    plural: "networkpolicies",
    kind: "NetworkPolicy",
    namespaced: true,
  },
  definition: "networking.v1.NetworkPolicy",
  properties: [
    "spec.policyTypes",
    { path: "spec.podSelector", as: "policy_pod_selector" },
    { path: "spec.ingress", as: "policy_ingress" },
    { path: "spec.egress", as: "policy_egress" },
  ],
  selects: "spec.podSelector",
});
