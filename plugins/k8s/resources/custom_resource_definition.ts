import { defineResource, referredAnywhere } from "../resource.ts";

/** A type of objects that the cluster learned. */
export const customResourceDefinition = defineResource({
  kind: "kubernetes_custom_resource_definition",
  bases: ["kubernetes_resource", "resource"],
  collector: "custom_resource_definition",
  description: "A type of objects that the cluster learned.",
  api: {
    group: "apiextensions.k8s.io",
    versions: ["v1"],
    plural: "customresourcedefinitions",
    kind: "CustomResourceDefinition",
    namespaced: false,
  },
  definition: "apiextensions.v1.CustomResourceDefinition",
  properties: [
    { path: "spec.group", as: "api_group" },
    { path: "spec.scope", as: "definition_scope" },
    { path: "spec.names", as: "definition_names" },
    { path: "spec.versions", as: "definition_versions" },
    "status.storedVersions",
    { path: "status.conditions", volatile: true },
  ],
  edges: [
    ...referredAnywhere("to", "spec.conversion.webhook.clientConfig.service", "kubernetes_service"),
  ],
});
