import { children, defineResource, parents } from "../resource.ts";

/** Endpoints of a load balancer that are no instance groups. */
export const networkEndpointGroup = defineResource({
  kind: "gcp_network_endpoint_group",
  bases: ["gcp_resource", "resource"],
  description: "Endpoints of a load balancer: addresses, containers, functions.",
  collector: "network_endpoint_groups",
  service: "compute",
  schema: "NetworkEndpointGroup",
  collections: [
    "networkEndpointGroups",
    "regionNetworkEndpointGroups",
    "globalNetworkEndpointGroups",
  ],
  properties: {
    default_port: { path: "defaultPort", default: -1 },
    neg_type: { path: "networkEndpointType", default: "" },
  },
  edges: [...parents("gcp_network", "network"), ...parents("gcp_subnetwork", "subnetwork")],
  deletable: true,
});

/** How a load balancer reaches its backends. */
export const backendService = defineResource({
  kind: "gcp_backend_service",
  bases: ["gcp_resource", "resource"],
  description: "How a load balancer reaches its backends.",
  collector: "backend_services",
  service: "compute",
  schema: "BackendService",
  collections: ["backendServices", "regionBackendServices"],
  omit: ["fingerprint", "iap"],
  volatile: ["used_by"],
  cleanup: { first: [{ kind: "gcp_url_map" }] },
  edges: [
    ...parents("gcp_resource", "healthChecks[]"),
    ...parents("gcp_resource", "backends[].group"),
  ],
  balances: true,
  deletable: true,
});

/** Which requests go to which backend service. */
export const urlMap = defineResource({
  kind: "gcp_url_map",
  bases: ["gcp_resource", "resource"],
  description: "Which requests go to which backend service.",
  collector: "url_maps",
  service: "compute",
  schema: "UrlMap",
  collections: ["urlMaps", "regionUrlMaps"],
  omit: ["fingerprint"],
  edges: children("gcp_backend_service", "defaultService"),
  balances: true,
  deletable: true,
});

/** Instances of a load balancer of the older kind. */
export const targetPool = defineResource({
  kind: "gcp_target_pool",
  bases: ["gcp_resource", "resource"],
  description: "Instances that a forwarding rule sends to directly.",
  collector: "target_pools",
  service: "compute",
  schema: "TargetPool",
  collections: ["targetPools"],
  properties: {
    session_affinity: { path: "sessionAffinity", default: "" },
    failover_ratio: { path: "failoverRatio", default: -1 },
  },
  edges: [...parents("gcp_instance", "instances[]"), ...parents("gcp_resource", "healthChecks[]")],
  balances: true,
  deletable: true,
});

/** One instance that a forwarding rule sends to. */
export const targetInstance = defineResource({
  kind: "gcp_target_instance",
  bases: ["gcp_resource", "resource"],
  description: "One instance that a forwarding rule sends to.",
  collector: "target_instances",
  service: "compute",
  schema: "TargetInstance",
  collections: ["targetInstances"],
  edges: parents("gcp_instance", "instance"),
  balances: true,
  deletable: true,
});
