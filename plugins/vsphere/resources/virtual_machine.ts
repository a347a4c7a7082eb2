import { type DeclaredEdge, type DeclaredProperty, defineResource } from "../resource.ts";
import { instanceStatus } from "../engine/instance_status.ts";
import type { ObjectContent } from "../client/values.ts";

/** Tells machines and templates apart. */
export const TEMPLATE = "summary.config.template";
/** What makes a machine the one that it is: ids of managed objects can come again. */
export const INSTANCE_UUID = "config.instanceUuid";
/** The product that made a machine and looks after it. */
export const MANAGED_BY = "config.managedBy.extensionKey";
export const POWER_STATE = "runtime.powerState";

const CORES = "config.hardware.numCPU";
const MEMORY = "config.hardware.memoryMB";
/** When a machine was made; told since version 6.7. */
export const CREATED = "config.createDate";
const GUEST_STATE = "guest.guestState";

const properties: readonly DeclaredProperty[] = [
  {
    name: "vm_instance_uuid",
    path: INSTANCE_UUID,
    type: "string",
    description: "Id of the machine in its vCenter, which no other one gets.",
  },
  { name: "vm_bios_uuid", path: "config.uuid", type: "string" },
  { name: "vm_guest_id", path: "config.guestId", type: "string" },
  { name: "vm_guest_name", path: "config.guestFullName", type: "string" },
  { name: "vm_hardware_version", path: "config.version", type: "string" },
  { name: "vm_memory_mb", path: MEMORY, type: "int64", description: "Memory, MiB." },
  { name: "vm_annotation", path: "config.annotation", type: "string" },
  { name: "vm_path", path: "config.files.vmPathName", type: "string" },
  {
    name: "vm_managed_by",
    path: MANAGED_BY,
    type: "string",
    description: "Extension that made the machine; such a machine is protected.",
  },
  { name: "vm_power_state", path: POWER_STATE, type: "string" },
  { name: "vm_connection_state", path: "runtime.connectionState", type: "string" },
  { name: "vm_boot_time", path: "runtime.bootTime", type: "datetime" },
  { name: "vm_host_name", path: "guest.hostName", type: "string" },
  { name: "vm_ip_address", path: "guest.ipAddress", type: "string" },
  { name: "vm_tools_status", path: "guest.toolsRunningStatus", type: "string", volatile: true },
  {
    name: "vm_storage_committed",
    path: "summary.storage.committed",
    type: "int64",
    volatile: true,
    description: "Storage in use, bytes.",
  },
  { name: "vm_overall_status", path: "overallStatus", type: "string", volatile: true },
];

const edges: readonly DeclaredEdge[] = [
  { path: "parent", direction: "from" },
  { path: "runtime.host", direction: "from" },
  { path: "resourcePool", direction: "from" },
  { path: "parentVApp", direction: "from" },
  { path: "datastore", direction: "from" },
  { path: "network", direction: "from" },
];

/** A virtual machine. */
export const instance = defineResource({
  kind: "vsphere_instance",
  pythonClass: "VSphereInstance",
  bases: ["instance", "vsphere_resource"],
  description: "A virtual machine.",
  type: "VirtualMachine",
  properties,
  edges,
  values: {
    paths: [CORES, MEMORY, CREATED, GUEST_STATE, POWER_STATE],
    names: ["instance_cores", "instance_memory", "ctime", "instance_status"],
    read: ({ values }) => ({
      ...hardware(values),
      instance_status: instanceStatus(values.get(GUEST_STATE), values.get(POWER_STATE)),
      ctime: values.get(CREATED),
    }),
  },
  protects: {
    path: MANAGED_BY,
    when: (extension) => typeof extension === "string" && extension !== "",
  },
  changes: ["setTag", "removeTag", "delete", "read"],
});

/** A template, of which machines are made. It does not run and is never deleted. */
export const template = defineResource({
  kind: "vsphere_template",
  pythonClass: "VSphereTemplate",
  bases: ["vsphere_resource", "resource"],
  description: "A template, of which virtual machines are made.",
  type: "VirtualMachine",
  listing: "vsphere_instance",
  properties,
  edges,
  values: {
    paths: [CREATED],
    names: ["ctime"],
    read: ({ values }) => ({ ctime: values.get(CREATED) }),
  },
  changes: ["setTag", "removeTag", "read"],
});

function hardware(values: ObjectContent["values"]): Readonly<Record<string, unknown>> {
  const number = (path: string) => {
    const value = values.get(path);
    return value === undefined || typeof value === "number" ? value : null;
  };
  const memory = number(MEMORY);
  return {
    instance_cores: number(CORES),
    // Whole GiB, as it always was.
    instance_memory: typeof memory === "number" ? Math.floor(memory / 1_024) : memory,
  };
}
