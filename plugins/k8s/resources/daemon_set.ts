import { defineResource } from "../resource.ts";

/** A daemon set: one pod on each node. */
export const daemonSet = defineResource({
  kind: "kubernetes_daemon_set",
  bases: ["kubernetes_resource", "resource"],
  collector: "daemon_set",
  description: "A daemon set: one pod on each node.",
  api: {
    group: "apps",
    versions: ["v1"],
    plural: "daemonsets",
    kind: "DaemonSet",
    namespaced: true,
  },
  definition: "apps.v1.DaemonSet",
  pythonModule: "daemon_set",
  properties: [
    "spec.selector",
    "spec.updateStrategy",
    "spec.minReadySeconds",
    "spec.revisionHistoryLimit",
    { path: "spec.template.spec.containers", as: "template_containers" },
    { path: "status.desiredNumberScheduled", volatile: true },
    { path: "status.currentNumberScheduled", volatile: true },
    { path: "status.numberAvailable", volatile: true },
    { path: "status.numberMisscheduled", volatile: true },
    { path: "status.numberReady", volatile: true },
    { path: "status.numberUnavailable", volatile: true },
    { path: "status.updatedNumberScheduled", volatile: true },
  ],
});
