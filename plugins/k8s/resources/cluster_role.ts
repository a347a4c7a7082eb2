import { defineResource } from "../resource.ts";

/** Rights in the whole cluster. */
export const clusterRole = defineResource({
  kind: "kubernetes_cluster_role",
  bases: ["kubernetes_resource", "resource"],
  collector: "cluster_role",
  description: "Rights in the whole cluster.",
  api: {
    group: "rbac.authorization.k8s.io",
    versions: ["v1"],
    plural: "clusterroles",
    kind: "ClusterRole",
    namespaced: false,
  },
  definition: "rbac.v1.ClusterRole",
  properties: [
    { path: "rules", as: "role_rules" },
    { path: "aggregationRule.clusterRoleSelectors", as: "cluster_role_selectors" },
  ],
});
