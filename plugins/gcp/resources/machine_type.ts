import { machinePrice, machinePriceValues } from "../hooks/prices.ts";
import { defineResource, parents } from "../resource.ts";

/** A machine type; those that some instance has. */
export const machineType = defineResource({
  kind: "gcp_machine_type",
  bases: ["gcp_resource", "instance_type"],
  phantom: true,
  description: "A machine type, of which the project has any instance.",
  collector: "machine_types",
  service: "compute",
  schema: "MachineType",
  collections: ["machineTypes"],
  source: "used",
  properties: { instance_type: "name", instance_cores: "guestCpus" },
  values: machinePriceValues,
  edges: parents("gcp_service_sku", "$skus[]"),
  omit: ["memoryMb"],
  attach: machinePrice,
});
