import { defineResource } from "../resource.ts";

/** A limit on what a namespace may use. */
export const resourceQuota = defineResource({
  kind: "kubernetes_resource_quota",
  bases: ["kubernetes_resource", "resource"],
  collector: "resource_quota",
  description: "A limit on what a namespace may use.",
  api: {
    group: "",
    versions: ["v1"],
    plural: "resourcequotas",
    kind: "ResourceQuota",
    namespaced: true,
  },
  definition: "core.v1.ResourceQuota",
  properties: [
    { path: "spec.hard", as: "quota_hard" },
    { path: "spec.scopes", as: "quota_scopes" },
    { path: "status.used", as: "quota_used", volatile: true },
  ],
});
