import { defineResource } from "../resource.ts";

/** Limits and defaults for single things of a namespace. */
export const limitRange = defineResource({
  kind: "kubernetes_limit_range",
  bases: ["kubernetes_resource", "resource"],
  collector: "limit_range",
  description: "Limits and defaults for single things of a namespace.",
  api: { group: "", versions: ["v1"], plural: "limitranges", kind: "LimitRange", namespaced: true },
  definition: "core.v1.LimitRange",
  properties: [
    { path: "spec.limits", as: "limit_range_limits" },
  ],
});
