import { defineResource } from "../resource.ts";

/** A datastore, which holds disks of virtual machines. */
export const datastore = defineResource({
  kind: "vsphere_datastore",
  pythonClass: "VSphereDatastore",
  bases: ["vsphere_resource", "resource"],
  description: "A datastore, which holds disks of virtual machines.",
  type: "Datastore",
  properties: [
    { name: "datastore_type", path: "summary.type", type: "string" },
    { name: "datastore_url", path: "summary.url", type: "string" },
    {
      name: "datastore_capacity",
      path: "summary.capacity",
      type: "int64",
      description: "Size, bytes.",
    },
    {
      name: "datastore_free_space",
      path: "summary.freeSpace",
      type: "int64",
      volatile: true,
      description: "What is free, bytes.",
    },
    { name: "datastore_accessible", path: "summary.accessible", type: "boolean" },
    {
      name: "datastore_multiple_host_access",
      path: "summary.multipleHostAccess",
      type: "boolean",
      description: "Whether more than one host uses it.",
    },
    { name: "datastore_maintenance_mode", path: "summary.maintenanceMode", type: "string" },
  ],
  edges: [{ path: "parent", direction: "from" }],
});

/** A cluster of datastores, over which disks are spread. */
export const datastoreCluster = defineResource({
  kind: "vsphere_datastore_cluster",
  pythonClass: "VSphereDatastoreCluster",
  bases: ["vsphere_resource", "resource"],
  description: "Datastores over which disks are spread.",
  type: "StoragePod",
  needsVcenter: true,
  properties: [
    {
      name: "datastore_capacity",
      path: "summary.capacity",
      type: "int64",
      description: "Size of all datastores, bytes.",
    },
    {
      name: "datastore_free_space",
      path: "summary.freeSpace",
      type: "int64",
      volatile: true,
      description: "What is free in all datastores, bytes.",
    },
  ],
  edges: [{ path: "parent", direction: "from" }],
});
