import { defineResource, named } from "../resource.ts";

/** A way to make volumes. */
export const storageClass = defineResource({
  kind: "kubernetes_storage_class",
  bases: ["kubernetes_resource", "resource"],
  collector: "storage_class",
  description: "A way to make volumes.",
  api: {
    group: "storage.k8s.io",
    versions: ["v1"],
    plural: "storageclasses",
    kind: "StorageClass",
    namespaced: false,
  },
  definition: "storage.v1.StorageClass",
  properties: [
    "provisioner",
    "reclaimPolicy",
    "volumeBindingMode",
    "allowVolumeExpansion",
    "mountOptions",
    { path: "parameters", as: "storage_class_parameters", sensitive: true },
  ],
  edges: [
    ...named("to", "kubernetes_csi_driver", "provisioner"),
  ],
});
