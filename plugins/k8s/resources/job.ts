import { defineResource } from "../resource.ts";

/** Pods that run to an end. */
export const job = defineResource({
  kind: "kubernetes_job",
  bases: ["kubernetes_resource", "resource"],
  collector: "job",
  description: "Pods that run to an end.",
  api: { group: "batch", versions: ["v1"], plural: "jobs", kind: "Job", namespaced: true },
  definition: "batch.v1.Job",
  properties: [
    "spec.parallelism",
    "spec.completions",
    "spec.completionMode",
    "spec.backoffLimit",
    "spec.activeDeadlineSeconds",
    "spec.ttlSecondsAfterFinished",
    { path: "spec.suspend", as: "suspended" },
    "spec.selector",
    { path: "spec.template.spec.containers", as: "template_containers" },
    { path: "status.startTime", as: "start_time" },
    { path: "status.completionTime", as: "job_completion_time" },
    { path: "status.active", as: "active_pods", volatile: true },
    { path: "status.succeeded", as: "succeeded_pods", volatile: true },
    { path: "status.failed", as: "failed_pods", volatile: true },
    { path: "status.conditions", volatile: true },
  ],
});
