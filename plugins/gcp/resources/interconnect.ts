import { children, defineResource, parents } from "../resource.ts";

/** A physical connection between Google and another network. */
export const interconnect = defineResource({
  kind: "gcp_interconnect",
  bases: ["gcp_resource", "resource"],
  description: "A physical connection between Google and another network.",
  collector: "interconnects",
  service: "compute",
  schema: "Interconnect",
  collections: ["interconnects"],
  // Names of its keys are no secrets, but of no use either.
  omit: ["macsec"],
  volatile: ["expected_outages"],
  edges: parents("gcp_interconnect_location", "location"),
  uses: { gcp_interconnect_location: "location" },
  labelling: { by: "setLabels" },
  deletable: true,
  cleanup: {
    first: [{ kind: "gcp_interconnect_attachment" }],
    loose: { interconnect_attachments: [] },
  },
});

/** A VLAN on an interconnect, of a router. */
export const interconnectAttachment = defineResource({
  kind: "gcp_interconnect_attachment",
  bases: ["gcp_resource", "resource"],
  description: "A VLAN on an interconnect, by which a router reaches another network.",
  collector: "interconnect_attachments",
  service: "compute",
  schema: "InterconnectAttachment",
  collections: ["interconnectAttachments"],
  // Whoever has the pairing key may connect to it.
  omit: ["pairingKey"],
  edges: [
    ...parents("gcp_interconnect", "interconnect"),
    ...parents("gcp_router", "router"),
  ],
  labelling: { by: "setLabels" },
  deletable: true,
});

/** A building in which there are interconnects; those that some interconnect is in. */
export const interconnectLocation = defineResource({
  kind: "gcp_interconnect_location",
  bases: ["gcp_resource", "phantom_resource"],
  phantom: true,
  description: "A building in which the project has any interconnect.",
  collector: "interconnect_locations",
  service: "compute",
  schema: "InterconnectLocation",
  collections: ["interconnectLocations"],
  source: "used",
});

/** A VPN gateway of somebody else. */
export const externalVpnGateway = defineResource({
  kind: "gcp_external_vpn_gateway",
  bases: ["gcp_resource", "gateway"],
  description: "A VPN gateway outside of Google Cloud to which tunnels lead.",
  collector: "external_vpn_gateways",
  service: "compute",
  schema: "ExternalVpnGateway",
  collections: ["externalVpnGateways"],
  labelling: { by: "setLabels" },
  deletable: true,
  cleanup: { first: [{ kind: "gcp_vpn_tunnel" }] },
});

/** Addresses of a customer that are announced to the internet. */
export const publicAdvertisedPrefix = defineResource({
  kind: "gcp_public_advertised_prefix",
  bases: ["gcp_resource", "resource"],
  description: "Addresses of one's own that Google announces to the internet.",
  collector: "public_advertised_prefixes",
  service: "compute",
  schema: "PublicAdvertisedPrefix",
  collections: ["publicAdvertisedPrefixes"],
  omit: ["fingerprint", "sharedSecret"],
  deletable: true,
  cleanup: { first: [{ kind: "gcp_public_delegated_prefix" }] },
});

/** A part of announced addresses that is used in a region or everywhere. */
export const publicDelegatedPrefix = defineResource({
  kind: "gcp_public_delegated_prefix",
  bases: ["gcp_resource", "resource"],
  description: "A part of the announced addresses, for a region or for everywhere.",
  collector: "public_delegated_prefixes",
  service: "compute",
  schema: "PublicDelegatedPrefix",
  collections: ["publicDelegatedPrefixes", "globalPublicDelegatedPrefixes"],
  omit: ["fingerprint"],
  edges: children("gcp_public_advertised_prefix", "parentPrefix"),
  deletable: true,
});
