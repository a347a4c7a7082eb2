import { defineResource, referred } from "../resource.ts";

/** A part of the addresses behind a service. */
export const endpointSlice = defineResource({
  kind: "kubernetes_endpoint_slice",
  bases: ["kubernetes_resource", "resource"],
  collector: "endpoint_slice",
  description: "A part of the addresses behind a service.",
  api: {
    group: "discovery.k8s.io",
    versions: ["v1", "v1beta1"],
    plural: "endpointslices",
    kind: "EndpointSlice",
    namespaced: true,
  },
  definition: "discovery.v1.EndpointSlice",
  properties: [
    "addressType",
    { path: "endpoints", as: "slice_endpoints" },
    { path: "ports", as: "slice_ports" },
  ],
  edges: [
    ...referred("to", "endpoints[].targetRef"),
  ],
});
