import { defineResource, named } from "../resource.ts";

/** An identity of pods. */
export const serviceAccount = defineResource({
  kind: "kubernetes_service_account",
  bases: ["kubernetes_resource", "resource"],
  collector: "service_account",
  description: "An identity of pods.",
  api: {
    group: "",
    versions: ["v1"],
    plural: "serviceaccounts",
    kind: "ServiceAccount",
    namespaced: true,
  },
  definition: "core.v1.ServiceAccount",
  properties: [
    "automountServiceAccountToken",
  ],
  edges: [
    ...named("to", "kubernetes_secret", "secrets[].name", "imagePullSecrets[].name"),
  ],
});
