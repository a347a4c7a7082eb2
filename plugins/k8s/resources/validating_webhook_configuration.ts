import { defineResource, referredAnywhere } from "../resource.ts";

/** Programs that are asked before objects are taken. */
export const validatingWebhookConfiguration = defineResource({
  kind: "kubernetes_validating_webhook_configuration",
  bases: ["kubernetes_resource", "resource"],
  collector: "validating_webhook_configuration",
  description: "Programs that are asked before objects are taken.",
  api: {
    group: "admissionregistration.k8s.io",
    versions: ["v1"],
    plural: "validatingwebhookconfigurations",
    kind: "ValidatingWebhookConfiguration",
    namespaced: false,
  },
  definition: "admissionregistration.v1.ValidatingWebhookConfiguration",
  properties: [
    "webhooks",
  ],
  edges: [
    ...referredAnywhere("to", "webhooks[].clientConfig.service", "kubernetes_service"),
  ],
});
