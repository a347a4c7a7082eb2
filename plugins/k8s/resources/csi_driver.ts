import { defineResource } from "../resource.ts";

/** A driver of storage. */
export const csiDriver = defineResource({
  kind: "kubernetes_csi_driver",
  bases: ["kubernetes_resource", "resource"],
  collector: "csi_driver",
  description: "A driver of storage.",
  api: {
    group: "storage.k8s.io",
    versions: ["v1"],
    plural: "csidrivers",
    kind: "CSIDriver",
    namespaced: false,
  },
  definition: "storage.v1.CSIDriver",
  properties: [
    "spec.attachRequired",
    "spec.podInfoOnMount",
    "spec.storageCapacity",
    "spec.requiresRepublish",
    "spec.fsGroupPolicy",
    "spec.volumeLifecycleModes",
  ],
});
