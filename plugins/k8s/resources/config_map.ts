import { defineResource } from "../resource.ts";

/** Configuration of programs; its values are stored as hashes. */
export const configMap = defineResource({
  kind: "kubernetes_config_map",
  bases: ["kubernetes_resource", "resource"],
  collector: "config_map",
  description: "Configuration of programs; its values are stored as hashes.",
  api: { group: "", versions: ["v1"], plural: "configmaps", kind: "ConfigMap", namespaced: true },
  definition: "core.v1.ConfigMap",
  properties: [
    { path: "data", sensitive: true },
    { path: "binaryData", sensitive: true },
    "immutable",
  ],
});
