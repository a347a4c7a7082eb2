import { defineResource } from "../resource.ts";

/** A network of a host's own switches, or of a product that vSphere does not look into. */
export const network = defineResource({
  kind: "vsphere_network",
  pythonClass: "VSphereNetwork",
  bases: ["vsphere_resource", "network"],
  description: "A network of the hosts' own switches, or one that another product gives.",
  type: "Network",
  only: ["Network", "OpaqueNetwork"],
  properties: [
    {
      name: "network_accessible",
      path: "summary.accessible",
      type: "boolean",
      description: "Whether at least one host reaches it.",
    },
  ],
  edges: [{ path: "parent", direction: "from" }],
});

/** A port group of a distributed switch. */
export const distributedPortGroup = defineResource({
  kind: "vsphere_distributed_port_group",
  pythonClass: "VSphereDistributedPortGroup",
  bases: ["vsphere_resource", "network"],
  description: "A port group of a distributed switch, to which virtual machines are connected.",
  type: "DistributedVirtualPortgroup",
  needsVcenter: true,
  properties: [
    { name: "network_accessible", path: "summary.accessible", type: "boolean" },
    { name: "port_group_key", path: "key", type: "string" },
    { name: "port_group_ports", path: "config.numPorts", type: "int64" },
    {
      name: "port_group_binding",
      path: "config.type",
      type: "string",
      description: "When ports are given to virtual machines.",
    },
  ],
  edges: [
    { path: "parent", direction: "from" },
    { path: "config.distributedVirtualSwitch", direction: "from" },
  ],
});

/** A switch that spans hosts. */
export const distributedSwitch = defineResource({
  kind: "vsphere_distributed_switch",
  pythonClass: "VSphereDistributedSwitch",
  bases: ["vsphere_resource", "resource"],
  description: "A switch that spans hosts.",
  type: "DistributedVirtualSwitch",
  needsVcenter: true,
  only: ["DistributedVirtualSwitch", "VmwareDistributedVirtualSwitch"],
  properties: [
    { name: "switch_uuid", path: "uuid", type: "string" },
    { name: "switch_ports", path: "summary.numPorts", type: "int64" },
    { name: "switch_version", path: "summary.productInfo.version", type: "string" },
  ],
  edges: [{ path: "parent", direction: "from" }],
});
