import { defineResource, referredAnywhere } from "../resource.ts";

/** Programs that are asked before objects are changed. */
export const mutatingWebhookConfiguration = defineResource({
  kind: "kubernetes_mutating_webhook_configuration",
  bases: ["kubernetes_resource", "resource"],
  collector: "mutating_webhook_configuration",
  description: "Programs that are asked before objects are changed.",
  api: {
    group: "admissionregistration.k8s.io",
    versions: ["v1"],
    plural: "mutatingwebhookconfigurations",
    kind: "MutatingWebhookConfiguration",
    namespaced: false,
  },
  definition: "admissionregistration.v1.MutatingWebhookConfiguration",
  properties: [
    "webhooks",
  ],
  edges: [
    ...referredAnywhere("to", "webhooks[].clientConfig.service", "kubernetes_service"),
  ],
});
