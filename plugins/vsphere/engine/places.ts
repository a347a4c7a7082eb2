import type { Kind, Property } from "ckworker";

/** The account, and the region of everything in it. */
export const ACCOUNT_KIND = "vsphere_cluster";
export const REGION_KIND = "vsphere_data_center";

/** Prefix of type names: that of the original worker. */
export const MODULE = "cloudkeeper_plugin_vsphere.resources";

/** Properties of the account, by member of what a server says about itself. */
const ABOUT: Readonly<Record<string, Property>> = {
  fullName: { name: "vcenter_product", type: "string" },
  version: { name: "vcenter_version", type: "string" },
  build: { name: "vcenter_build", type: "string" },
  apiType: {
    name: "vcenter_api_type",
    type: "string",
    description: "VirtualCenter, or HostAgent for a host that is asked itself.",
  },
  instanceUuid: { name: "vcenter_uuid", type: "string" },
};

/** The properties of an account. */
export function aboutProperties(
  about: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(ABOUT).flatMap(([member, { name }]) => {
      const value = about[member];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

/** The kinds that no listing yields. */
export const PLACE_KINDS: readonly Kind[] = [
  {
    name: "vsphere_resource",
    bases: [],
    properties: [],
    pythonType: `${MODULE}.VSphereResource`,
    description: "What all resources of vSphere have in common.",
  },
  {
    name: ACCOUNT_KIND,
    bases: ["account"],
    properties: Object.values(ABOUT),
    pythonType: `${MODULE}.VSphereCluster`,
    description: "A vCenter Server, or a single ESXi host, known by its name or address.",
  },
  {
    name: REGION_KIND,
    bases: ["region"],
    properties: [],
    pythonType: `${MODULE}.VSphereDataCenter`,
    description: "The one region of a vCenter Server, which is always called dc1.",
  },
];
