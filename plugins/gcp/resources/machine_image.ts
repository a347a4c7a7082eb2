import { defineResource, parents } from "../resource.ts";

/** A whole instance to make others of. */
export const machineImage = defineResource({
  kind: "gcp_machine_image",
  bases: ["gcp_resource", "resource"],
  description: "A machine with its disks and settings, of which others are made.",
  collector: "machine_images",
  service: "compute",
  schema: "MachineImage",
  collections: ["machineImages"],
  projectLevel: true,
  // Settings hold start scripts, and with them secrets; the others hold keys.
  omit: [
    "instanceProperties",
    "machineImageEncryptionKey",
    "sourceDiskEncryptionKeys",
    "sourceInstanceProperties",
  ],
  edges: [
    ...parents("gcp_instance", "sourceInstance"),
    ...parents("gcp_disk", "savedDisks[].sourceDisk"),
  ],
  labelling: { by: "setLabels" },
  deletable: true,
});

/** What software of an image may be used for. */
export const license = defineResource({
  kind: "gcp_license",
  bases: ["gcp_resource", "resource"],
  description: "What software of images may be used for. Those of the project only.",
  collector: "licenses",
  service: "compute",
  schema: "License",
  collections: ["licenses"],
  projectLevel: true,
  deletable: true,
});
