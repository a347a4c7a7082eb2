import { children, defineResource, parents } from "../resource.ts";

/** A classic VPN gateway. */
export const targetVpnGateway = defineResource({
  kind: "gcp_target_vpn_gateway",
  bases: ["gcp_resource", "gateway"],
  pythonClass: "GCPTargetVPNGateway",
  description: "A classic VPN gateway.",
  collector: "target_vpn_gateways",
  cleanup: { first: [{ kind: "gcp_vpn_tunnel" }], loose: { tunnels: [] } },
  service: "compute",
  schema: "TargetVpnGateway",
  collections: ["targetVpnGateways"],
  edges: parents("gcp_network", "network"),
  labelling: { by: "setLabels" },
  deletable: true,
});

/** A VPN gateway with two addresses. */
export const vpnGateway = defineResource({
  kind: "gcp_vpn_gateway",
  bases: ["gcp_resource", "gateway"],
  pythonClass: "GCPVPNGateway",
  description: "A VPN gateway with high availability.",
  collector: "vpn_gateways",
  cleanup: { first: [{ kind: "gcp_vpn_tunnel" }] },
  service: "compute",
  schema: "VpnGateway",
  collections: ["vpnGateways"],
  edges: parents("gcp_network", "network"),
  labelling: { by: "setLabels" },
  deletable: true,
});

/** A tunnel between two gateways. */
export const vpnTunnel = defineResource({
  kind: "gcp_vpn_tunnel",
  bases: ["gcp_resource", "tunnel"],
  pythonClass: "GCPVPNTunnel",
  description: "A tunnel between two VPN gateways.",
  collector: "vpn_tunnels",
  service: "compute",
  schema: "VpnTunnel",
  collections: ["vpnTunnels"],
  omit: ["sharedSecret", "sharedSecretHash"],
  volatile: ["detailed_status"],
  edges: [
    ...children("gcp_target_vpn_gateway", "targetVpnGateway"),
    ...children("gcp_vpn_gateway", "vpnGateway"),
    ...children("gcp_external_vpn_gateway", "peerExternalGateway"),
  ],
  labelling: { by: "setLabels" },
  deletable: true,
});
