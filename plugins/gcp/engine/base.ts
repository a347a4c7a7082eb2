import type { Kind } from "ckworker";

/** Cloud of all nodes. */
export const CLOUD = "gcp";

/** The base of all kinds of the plugin, under which references find objects of any of them. */
export const ANY_KIND = "gcp_resource";
export const PROJECT_KIND = "gcp_project";
export const REGION_KIND = "gcp_region";
export const ZONE_KIND = "gcp_zone";
export const QUOTA_KIND = "gcp_quota";
export const SERVICE_KIND = "gcp_service";
export const SKU_KIND = "gcp_service_sku";

/** Prefix of type names: that of the original worker. */
const MODULE = "cloudkeeper_plugin_gcp.resources";

/** The kinds that are written down rather than derived. */
export const BASE_KINDS: readonly Kind[] = [
  {
    name: ANY_KIND,
    bases: [],
    properties: [
      { name: "link", type: "string", description: "Address of the object in its API." },
      { name: "label_fingerprint", type: "string", volatile: true },
    ],
    pythonType: pythonType(ANY_KIND, "GCPResource"),
    description: "Anything of Google Cloud.",
  },
  {
    name: QUOTA_KIND,
    bases: [ANY_KIND, "quota"],
    properties: [],
    pythonType: pythonType(QUOTA_KIND, "GCPQuota"),
    phantom: true,
    listing: ZONE_KIND,
    description: "A quota of a region.",
  },
  // The original worker declares these two and never makes a node of them: what is global comes with
  // what is regional, as nodes of those kinds.
  {
    name: "gcp_global_network_endpoint_group",
    bases: [ANY_KIND, "resource"],
    properties: [
      { name: "default_port", type: "int64", default: -1 },
      { name: "neg_type", type: "string", default: "" },
    ],
    pythonType: pythonType("", "GCPGlobalNetworkEndpointGroup"),
    description: "Not collected: see gcp_network_endpoint_group.",
  },
  {
    name: "gcp_global_forwarding_rule",
    bases: ["gcp_forwarding_rule"],
    properties: [],
    pythonType: pythonType("", "GCPGlobalForwardingRule"),
    description: "Not collected: see gcp_forwarding_rule.",
  },
];

/** Module and class of a kind. */
export function pythonType(kind: string, className: string | undefined): string {
  const words = kind.replace(/^gcp_/, "").split("_")
    .map((word) => `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`);
  return `${MODULE}.${className ?? `GCP${words.join("")}`}`;
}
