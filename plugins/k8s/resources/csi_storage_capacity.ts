import { defineResource, named } from "../resource.ts";

/** How much a storage class can still make somewhere. */
export const csiStorageCapacity = defineResource({
  kind: "kubernetes_csi_storage_capacity",
  bases: ["kubernetes_resource", "resource"],
  collector: "csi_storage_capacity",
  description: "How much a storage class can still make somewhere.",
  api: {
    group: "storage.k8s.io",
    versions: ["v1", "v1beta1"],
    plural: "csistoragecapacities",
    kind: "CSIStorageCapacity",
    namespaced: true,
  },
  definition: "storage.v1.CSIStorageCapacity",
  properties: [
    { path: "storageClassName", as: "storage_class_name" },
    { path: "capacity", as: "storage_capacity_left", volatile: true },
    { path: "maximumVolumeSize", volatile: true },
  ],
  edges: [
    ...named("from", "kubernetes_storage_class", "storageClassName"),
  ],
});
