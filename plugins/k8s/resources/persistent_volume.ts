import { textAt } from "ckworker";
import { defineResource, named, type Raw } from "../resource.ts";
import { gibibytes } from "../engine/quantity.ts";

/** Storage that pods can claim. */
export const persistentVolume = defineResource({
  kind: "kubernetes_persistent_volume",
  bases: ["kubernetes_resource", "volume"],
  collector: "persistent_volume",
  description: "Storage that pods can claim.",
  api: {
    group: "",
    versions: ["v1"],
    plural: "persistentvolumes",
    kind: "PersistentVolume",
    namespaced: false,
  },
  definition: "core.v1.PersistentVolume",
  properties: [
    "spec.accessModes",
    "spec.capacity",
    "spec.persistentVolumeReclaimPolicy",
    "spec.volumeMode",
    "spec.mountOptions",
    { path: "spec.storageClassName", as: "storage_class_name" },
    { path: "spec.csi.driver", as: "csi_driver" },
    { path: "spec.csi.volumeHandle", as: "csi_volume_handle" },
    { path: "status.phase", as: "volume_phase" },
    { path: "status.reason", as: "volume_reason" },
  ],
  edges: [
    ...named("from", "kubernetes_storage_class", "spec.storageClassName"),
    ...named("to", "kubernetes_csi_driver", "spec.csi.driver"),
  ],
  values: (raw) => ({
    volume_size: gibibytes(textAt(raw, "spec.capacity.storage") ?? ""),
    volume_type: textAt(raw, "spec.storageClassName"),
    volume_status: volumeStatus(raw),
  }),
});

/** Status of a volume by phase; what is not here is unknown. */
const VOLUME_STATUS: Readonly<Record<string, string>> = {
  Pending: "busy",
  Available: "available",
  Bound: "in-use",
  Released: "available",
  Failed: "error",
};

function volumeStatus(raw: Raw): string {
  const phase = textAt(raw, "status.phase") ?? "";
  return Object.hasOwn(VOLUME_STATUS, phase) ? VOLUME_STATUS[phase] ?? "unknown" : "unknown";
}
