import { children, defineResource, parents } from "../resource.ts";

/** Firewall rules of networks of the project. */
export const firewallPolicy = defineResource({
  kind: "gcp_firewall_policy",
  bases: ["gcp_resource", "resource"],
  description: "Firewall rules of the project for its networks, of a region or everywhere.",
  collector: "firewall_policies",
  service: "compute",
  schema: "FirewallPolicy",
  // Those of folders and organizations are listed below these, which no project is.
  collections: ["networkFirewallPolicies", "regionNetworkFirewallPolicies"],
  omit: ["fingerprint"],
  edges: children("gcp_network", "associations[].attachmentTarget"),
  deletable: true,
  cleanup: { loose: { associations: [] } },
});

/** Protects load balancers and machines of a region from floods. */
export const networkEdgeSecurityService = defineResource({
  kind: "gcp_network_edge_security_service",
  bases: ["gcp_resource", "resource"],
  description: "Protects what has public addresses in a region from floods.",
  collector: "network_edge_security_services",
  service: "compute",
  schema: "NetworkEdgeSecurityService",
  collections: ["networkEdgeSecurityServices"],
  omit: ["fingerprint"],
  edges: parents("gcp_security_policy", "securityPolicy"),
  deletable: true,
});

/** Copies traffic of machines to a collector. */
export const packetMirroring = defineResource({
  kind: "gcp_packet_mirroring",
  bases: ["gcp_resource", "resource"],
  description: "Copies traffic of instances and subnetworks to a load balancer.",
  collector: "packet_mirrorings",
  service: "compute",
  schema: "PacketMirroring",
  collections: ["packetMirrorings"],
  edges: [
    ...parents("gcp_network", "network.url"),
    ...parents("gcp_subnetwork", "mirroredResources.subnetworks[].url"),
    ...parents("gcp_instance", "mirroredResources.instances[].url"),
  ],
  deletable: true,
});

/** A service that other networks may reach. */
export const serviceAttachment = defineResource({
  kind: "gcp_service_attachment",
  bases: ["gcp_resource", "resource"],
  description: "A load balancer that is published to other networks.",
  collector: "service_attachments",
  service: "compute",
  schema: "ServiceAttachment",
  collections: ["serviceAttachments"],
  omit: ["fingerprint"],
  volatile: ["connected_endpoints"],
  edges: [
    // A forwarding rule in most cases, and once a backend service.
    ...children("gcp_resource", "targetService"),
    ...children("gcp_subnetwork", "natSubnets[]"),
  ],
  deletable: true,
});

/** Which versions and ciphers of TLS load balancers take. */
export const sslPolicy = defineResource({
  kind: "gcp_ssl_policy",
  bases: ["gcp_resource", "resource"],
  pythonClass: "GCPSSLPolicy",
  description: "Which versions and ciphers of TLS a load balancer takes.",
  collector: "ssl_policies",
  service: "compute",
  schema: "SslPolicy",
  collections: ["sslPolicies", "regionSslPolicies"],
  omit: ["fingerprint"],
  deletable: true,
  cleanup: { first: [{ kind: "gcp_target_https_proxy" }, { kind: "gcp_target_ssl_proxy" }] },
});
