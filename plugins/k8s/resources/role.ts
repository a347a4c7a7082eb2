import { defineResource } from "../resource.ts";

/** Rights within a namespace. */
export const role = defineResource({
  kind: "kubernetes_role",
  bases: ["kubernetes_resource", "resource"],
  collector: "role",
  description: "Rights within a namespace.",
  api: {
    group: "rbac.authorization.k8s.io",
    versions: ["v1"],
    plural: "roles",
    kind: "Role",
    namespaced: true,
  },
  definition: "rbac.v1.Role",
  properties: [
    { path: "rules", as: "role_rules" },
  ],
});
