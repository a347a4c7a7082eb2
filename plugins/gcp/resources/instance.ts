import { instanceParts, sizesOf } from "../hooks/machine_type.ts";
import { defineResource, parents } from "../resource.ts";

const STATUS = {
  PROVISIONING: "busy",
  STAGING: "busy",
  STOPPING: "busy",
  SUSPENDING: "busy",
  REPAIRING: "busy",
  RUNNING: "running",
  SUSPENDED: "stopped",
  // It is stopped and can be started again; the word is that of the original worker.
  TERMINATED: "terminated",
} as const;

/** A virtual machine. */
export const instance = defineResource({
  kind: "gcp_instance",
  bases: ["gcp_resource", "instance"],
  description: "A virtual machine. Google calls one that is stopped terminated.",
  collector: "instances",
  service: "compute",
  schema: "Instance",
  collections: ["instances"],
  own: { network_interfaces: ["string"] },
  properties: { instance_status: { path: "status", map: STATUS, otherwise: "unknown" } },
  values: sizesOf,
  omit: ["machineType", "fingerprint", "metadata"],
  edges: [
    ...parents("gcp_network", "networkInterfaces[].network"),
    ...parents("gcp_subnetwork", "networkInterfaces[].subnetwork"),
    ...parents("gcp_machine_type", "machineType"),
    ...parents("gcp_accelerator_type", "guestAccelerators[].acceleratorType"),
    ...parents("gcp_resource_policy", "resourcePolicies[]"),
  ],
  attach: instanceParts,
  uses: {
    gcp_machine_type: "machineType",
    gcp_accelerator_type: "guestAccelerators[].acceleratorType",
  },
  labelling: { by: "setLabels" },
  deletable: true,
  cleanup: { never: [{ deletion_protection: [true] }] },
});
