import { defineResource } from "../resource.ts";

/** A host: a machine with ESXi, which runs virtual machines. */
export const host = defineResource({
  kind: "vsphere_host",
  pythonClass: "VSphereHost",
  bases: ["vsphere_resource", "resource"],
  description: "A host: a machine with ESXi, which runs virtual machines.",
  type: "HostSystem",
  properties: [
    { name: "host_vendor", path: "summary.hardware.vendor", type: "string" },
    { name: "host_model", path: "summary.hardware.model", type: "string" },
    { name: "host_uuid", path: "summary.hardware.uuid", type: "string" },
    { name: "host_cpu_model", path: "summary.hardware.cpuModel", type: "string" },
    { name: "host_cpu_mhz", path: "summary.hardware.cpuMhz", type: "int64" },
    { name: "host_cpu_packages", path: "summary.hardware.numCpuPkgs", type: "int64" },
    { name: "host_cpu_cores", path: "summary.hardware.numCpuCores", type: "int64" },
    { name: "host_cpu_threads", path: "summary.hardware.numCpuThreads", type: "int64" },
    {
      name: "host_memory_size",
      path: "summary.hardware.memorySize",
      type: "int64",
      description: "Memory, bytes.",
    },
    { name: "host_version", path: "summary.config.product.version", type: "string" },
    { name: "host_build", path: "summary.config.product.build", type: "string" },
    { name: "host_connection_state", path: "runtime.connectionState", type: "string" },
    { name: "host_power_state", path: "runtime.powerState", type: "string" },
    { name: "host_in_maintenance_mode", path: "runtime.inMaintenanceMode", type: "boolean" },
    { name: "host_boot_time", path: "runtime.bootTime", type: "datetime" },
    { name: "host_overall_status", path: "overallStatus", type: "string", volatile: true },
  ],
  edges: [
    { path: "parent", direction: "from" },
    { path: "datastore", direction: "to" },
    { path: "network", direction: "to" },
  ],
});
