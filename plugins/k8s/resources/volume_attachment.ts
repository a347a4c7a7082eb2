import { defineResource, named } from "../resource.ts";

/** A volume at a node. */
export const volumeAttachment = defineResource({
  kind: "kubernetes_volume_attachment",
  bases: ["kubernetes_resource", "resource"],
  collector: "volume_attachment",
  description: "A volume at a node.",
  api: {
    group: "storage.k8s.io",
    versions: ["v1"],
    plural: "volumeattachments",
    kind: "VolumeAttachment",
    namespaced: false,
  },
  definition: "storage.v1.VolumeAttachment",
  properties: [
    "spec.attacher",
    { path: "spec.nodeName", as: "node_name" },
    { path: "spec.source.persistentVolumeName", as: "persistent_volume_name" },
    "status.attached",
  ],
  edges: [
    ...named("from", "kubernetes_node", "spec.nodeName"),
    ...named("to", "kubernetes_persistent_volume", "spec.source.persistentVolumeName"),
  ],
});
