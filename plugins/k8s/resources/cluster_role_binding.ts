import { defineResource, referred, referredAnywhere } from "../resource.ts";

/** Gives a role to users, groups or service accounts. */
export const clusterRoleBinding = defineResource({
  kind: "kubernetes_cluster_role_binding",
  bases: ["kubernetes_resource", "resource"],
  collector: "cluster_role_binding",
  description: "Gives a role to users, groups or service accounts.",
  api: {
    group: "rbac.authorization.k8s.io",
    versions: ["v1"],
    plural: "clusterrolebindings",
    kind: "ClusterRoleBinding",
    namespaced: false,
  },
  definition: "rbac.v1.ClusterRoleBinding",
  properties: [
    "roleRef",
    { path: "subjects", as: "role_subjects" },
  ],
  edges: [
    ...referred("to", "roleRef"),
    ...referredAnywhere("to", "subjects[]"),
  ],
});
