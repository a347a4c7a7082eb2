import { defineResource } from "../resource.ts";

/** Where the snapshots of a machine are told, one inside of the other. */
export const SNAPSHOTS = "snapshot.rootSnapshotList";

/** The state of a machine at an earlier time. Its properties stand in the tree of its machine. */
export const snapshot = defineResource({
  kind: "vsphere_snapshot",
  pythonClass: "VSphereSnapshot",
  bases: ["snapshot", "vsphere_resource"],
  description: "The state of a virtual machine at an earlier time.",
  type: "VirtualMachine",
  properties: [
    {
      name: "snapshot_vm",
      path: "vm",
      type: "string",
      description: "Id of the virtual machine.",
    },
    {
      name: "snapshot_parent",
      path: "parent",
      type: "string",
      description: "Id of the snapshot that it was taken after.",
    },
    { name: "snapshot_number", path: "number", type: "int64" },
    { name: "snapshot_power_state", path: "state", type: "string" },
    { name: "snapshot_quiesced", path: "quiesced", type: "boolean" },
  ],
  edges: [{ path: "vm", direction: "from" }],
  values: {
    paths: ["description", "createTime"],
    names: ["description", "ctime"],
    read: ({ values }) => ({
      description: values.get("description") ?? "",
      ctime: values.get("createTime"),
    }),
  },
  changes: ["delete", "read"],
  // Its disks go with those of the machine.
  cleanup: { along: [{ with: ["vsphere_instance"], when: {} }] },
});
