import { type DeclaredProperty, defineResource } from "../resource.ts";

const capacity: readonly DeclaredProperty[] = [
  {
    name: "compute_total_cpu",
    path: "summary.totalCpu",
    type: "int64",
    description: "Processing power of all hosts, MHz.",
  },
  {
    name: "compute_total_memory",
    path: "summary.totalMemory",
    type: "int64",
    description: "Memory of all hosts, bytes.",
  },
  { name: "compute_cpu_cores", path: "summary.numCpuCores", type: "int64" },
  { name: "compute_hosts", path: "summary.numHosts", type: "int64" },
  { name: "compute_overall_status", path: "summary.overallStatus", type: "string", volatile: true },
];

/** A cluster: hosts that share their load, and take over when one fails. */
export const computeCluster = defineResource({
  kind: "vsphere_compute_cluster",
  pythonClass: "VSphereComputeCluster",
  bases: ["vsphere_resource", "resource"],
  description: "A cluster of hosts, which share load and stand in for each other.",
  type: "ClusterComputeResource",
  needsVcenter: true,
  properties: [
    ...capacity,
    {
      name: "cluster_drs_enabled",
      path: "configuration.drsConfig.enabled",
      type: "boolean",
      description: "Whether virtual machines are spread over the hosts by themselves.",
    },
    {
      name: "cluster_ha_enabled",
      path: "configuration.dasConfig.enabled",
      type: "boolean",
      description: "Whether virtual machines start on another host when theirs fails.",
    },
  ],
  edges: [{ path: "parent", direction: "from" }],
});

/** What stands in the place of a cluster for a host that is in none. */
export const computeResource = defineResource({
  kind: "vsphere_compute_resource",
  pythonClass: "VSphereComputeResource",
  bases: ["vsphere_resource", "resource"],
  description: "What a host that is in no cluster offers.",
  type: "ComputeResource",
  properties: capacity,
  edges: [{ path: "parent", direction: "from" }],
});

const allocation: readonly DeclaredProperty[] = [
  {
    name: "pool_cpu_reservation",
    path: "config.cpuAllocation.reservation",
    type: "int64",
    description: "Guaranteed processing power, MHz.",
  },
  {
    name: "pool_cpu_limit",
    path: "config.cpuAllocation.limit",
    type: "int64",
    description: "Most processing power, MHz; -1 for no limit.",
  },
  {
    name: "pool_memory_reservation",
    path: "config.memoryAllocation.reservation",
    type: "int64",
    description: "Guaranteed memory, MiB.",
  },
  {
    name: "pool_memory_limit",
    path: "config.memoryAllocation.limit",
    type: "int64",
    description: "Most memory, MiB; -1 for no limit.",
  },
];

/** A resource pool: a share of what a cluster has. */
export const resourcePool = defineResource({
  kind: "vsphere_resource_pool",
  pythonClass: "VSphereResourcePool",
  bases: ["vsphere_resource", "resource"],
  description: "A share of what a cluster or a host has.",
  type: "ResourcePool",
  properties: allocation,
  edges: [{ path: "parent", direction: "from" }],
});

/** A vApp: virtual machines that are started and stopped together. */
export const virtualApp = defineResource({
  kind: "vsphere_virtual_app",
  pythonClass: "VSphereVirtualApp",
  bases: ["vsphere_resource", "resource"],
  description: "A vApp: virtual machines that are started and stopped together.",
  type: "VirtualApp",
  needsVcenter: true,
  properties: allocation,
  edges: [{ path: "parent", direction: "from" }, { path: "parentFolder", direction: "from" }],
});
