import { defineResource } from "../resource.ts";

/** A folder of the inventory. */
export const folder = defineResource({
  kind: "vsphere_folder",
  pythonClass: "VSphereFolder",
  bases: ["vsphere_resource", "resource"],
  description: "A folder of the inventory.",
  type: "Folder",
  properties: [
    {
      name: "folder_child_types",
      path: "childType",
      type: "string[]",
      description: "Types of what it can hold.",
    },
  ],
  edges: [{ path: "parent", direction: "from" }],
});

/** A data center of the inventory. The region of all nodes is another one, and always the same. */
export const inventoryDataCenter = defineResource({
  kind: "vsphere_inventory_data_center",
  pythonClass: "VSphereInventoryDataCenter",
  bases: ["vsphere_resource", "resource"],
  description: "A data center of the inventory.",
  type: "Datacenter",
  properties: [],
  edges: [{ path: "parent", direction: "from" }],
});
