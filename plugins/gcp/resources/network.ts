import { defineResource, parents } from "../resource.ts";

/** A network. */
export const network = defineResource({
  kind: "gcp_network",
  bases: ["gcp_resource", "network"],
  description: "A network of the project.",
  collector: "networks",
  service: "compute",
  schema: "Network",
  collections: ["networks"],
  deletable: true,
  cleanup: {
    never: [{ name: ["default"] }],
    first: [{ kind: "gcp_firewall_policy" }],
    loose: { subnetworks: [], peerings: [] },
  },
});

/** A range of addresses of a network in a region. */
export const subnetwork = defineResource({
  kind: "gcp_subnetwork",
  bases: ["gcp_resource", "subnet"],
  description: "A range of addresses of a network in a region.",
  collector: "subnetworks",
  service: "compute",
  schema: "Subnetwork",
  collections: ["subnetworks"],
  omit: ["fingerprint"],
  edges: parents("gcp_network", "network"),
  deletable: true,
  cleanup: { first: [{ kind: "gcp_service_attachment" }] },
});

/** A router of a network. */
export const router = defineResource({
  kind: "gcp_router",
  bases: ["gcp_resource", "gateway"],
  description: "A router of a network, with its NAT gateways.",
  collector: "routers",
  service: "compute",
  schema: "Router",
  collections: ["routers"],
  edges: parents("gcp_network", "network"),
  deletable: true,
});

/** A route of a network. */
export const route = defineResource({
  kind: "gcp_route",
  bases: ["gcp_resource", "resource"],
  description: "A route of a network.",
  collector: "routes",
  service: "compute",
  schema: "Route",
  collections: ["routes"],
  edges: parents("gcp_network", "network"),
  deletable: true,
  // Those of subnetworks and of routers come and go with what made them.
  cleanup: {
    along: [{
      with: ["gcp_network"],
      when: { route_type: ["BGP", "SUBNET", "TRANSIT"] },
      only: true,
    }],
  },
});

/** A rule that lets traffic into or out of a network. */
export const firewall = defineResource({
  kind: "gcp_firewall",
  bases: ["gcp_resource", "resource"],
  description: "A rule that lets traffic into or out of a network, or stops it.",
  collector: "firewalls",
  service: "compute",
  schema: "Firewall",
  collections: ["firewalls"],
  edges: parents("gcp_network", "network"),
  deletable: true,
});

/** A reserved address. */
export const address = defineResource({
  kind: "gcp_address",
  bases: ["gcp_resource", "ip_address"],
  description: "A reserved address, of a region or everywhere.",
  collector: "addresses",
  service: "compute",
  schema: "Address",
  collections: ["addresses", "globalAddresses"],
  properties: { ip_address: "address", ip_address_family: "ipVersion" },
  edges: parents("gcp_subnetwork", "subnetwork"),
  labelling: { by: "setLabels" },
  deletable: true,
  cleanup: { loose: { address_users: [], address_status: ["RESERVED"] } },
});

/** Rules that protect backends from the internet. */
export const securityPolicy = defineResource({
  kind: "gcp_security_policy",
  bases: ["gcp_resource", "policy"],
  description: "Rules that protect backends from requests of the internet.",
  collector: "security_policies",
  service: "compute",
  schema: "SecurityPolicy",
  collections: ["securityPolicies", "regionSecurityPolicies"],
  omit: ["fingerprint"],
  labelling: { by: "setLabels" },
  deletable: true,
});
