import { defineResource } from "../resource.ts";

/** A secret: its metadata alone, its content is never asked for. */
export const secret = defineResource({
  kind: "kubernetes_secret",
  bases: ["kubernetes_resource", "resource"],
  collector: "secret",
  description: "A secret: its metadata alone, its content is never asked for.",
  api: { group: "", versions: ["v1"], plural: "secrets", kind: "Secret", namespaced: true },
  definition: "core.v1.Secret",
  metadataOnly: true,
  properties: [],
});
