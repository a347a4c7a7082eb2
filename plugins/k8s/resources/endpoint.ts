import { defineResource, named, referred } from "../resource.ts";

/** Addresses behind a service, in the older form: it has the service's name. */
export const endpoint = defineResource({
  kind: "kubernetes_endpoint",
  bases: ["kubernetes_resource", "resource"],
  collector: "endpoint",
  description: "Addresses behind a service, in the older form.",
  api: { group: "", versions: ["v1"], plural: "endpoints", kind: "Endpoints", namespaced: true },
  definition: "core.v1.Endpoints",
  properties: [
    { path: "subsets", as: "endpoint_subsets" },
  ],
  edges: [
    ...named("from", "kubernetes_service", "metadata.name"),
    ...referred("to", "subsets[].addresses[].targetRef", "subsets[].notReadyAddresses[].targetRef"),
  ],
});
