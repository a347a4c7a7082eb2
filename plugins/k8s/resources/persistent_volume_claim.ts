import { defineResource, named } from "../resource.ts";

/** A claim of pods on storage. */
export const persistentVolumeClaim = defineResource({
  kind: "kubernetes_persistent_volume_claim",
  bases: ["kubernetes_resource", "resource"],
  collector: "persistent_volume_claim",
  description: "A claim of pods on storage.",
  api: {
    group: "",
    versions: ["v1"],
    plural: "persistentvolumeclaims",
    kind: "PersistentVolumeClaim",
    namespaced: true,
  },
  definition: "core.v1.PersistentVolumeClaim",
  properties: [
    "spec.accessModes",
    { path: "spec.resources", as: "claim_resources" },
    { path: "spec.storageClassName", as: "storage_class_name" },
    "spec.volumeMode",
    { path: "spec.volumeName", as: "volume_name" },
    { path: "status.phase", as: "claim_phase" },
    { path: "status.capacity", as: "capacity" },
  ],
  edges: [
    ...named("to", "kubernetes_persistent_volume", "spec.volumeName"),
    ...named("from", "kubernetes_storage_class", "spec.storageClassName"),
  ],
});
