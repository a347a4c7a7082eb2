import { defineResource } from "../resource.ts";

/** A kept state of a stateful set or a daemon set. */
export const controllerRevision = defineResource({
  kind: "kubernetes_controller_revision",
  bases: ["kubernetes_resource", "resource"],
  collector: "controller_revision",
  description: "A kept state of a stateful set or a daemon set.",
  api: {
    group: "apps",
    versions: ["v1"],
    plural: "controllerrevisions",
    kind: "ControllerRevision",
    namespaced: true,
  },
  definition: "apps.v1.ControllerRevision",
  pythonModule: "controller_revision",
  properties: [
    "revision",
  ],
});
