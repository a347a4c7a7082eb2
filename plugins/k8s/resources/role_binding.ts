import { defineResource, referred, referredAnywhere } from "../resource.ts";

/** Gives a role to users, groups or service accounts. */
export const roleBinding = defineResource({
  kind: "kubernetes_role_binding",
  bases: ["kubernetes_resource", "resource"],
  collector: "role_binding",
  description: "Gives a role to users, groups or service accounts.",
  api: {
    group: "rbac.authorization.k8s.io",
    versions: ["v1"],
    plural: "rolebindings",
    kind: "RoleBinding",
    namespaced: true,
  },
  definition: "rbac.v1.RoleBinding",
  properties: [
    "roleRef",
    { path: "subjects", as: "role_subjects" },
  ],
  edges: [
    ...referred("to", "roleRef"),
    ...referredAnywhere("to", "subjects[]"),
  ],
});
