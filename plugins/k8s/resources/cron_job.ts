import { defineResource } from "../resource.ts";

/** Jobs by a timetable. */
export const cronJob = defineResource({
  kind: "kubernetes_cron_job",
  bases: ["kubernetes_resource", "resource"],
  collector: "cron_job",
  description: "Jobs by a timetable.",
  api: {
    group: "batch",
    versions: ["v1", "v1beta1"],
    plural: "cronjobs",
    kind: "CronJob",
    namespaced: true,
  },
  definition: "batch.v1.CronJob",
  properties: [
    "spec.schedule",
    "spec.timeZone",
    { path: "spec.suspend", as: "suspended" },
    "spec.concurrencyPolicy",
    "spec.startingDeadlineSeconds",
    "spec.successfulJobsHistoryLimit",
    "spec.failedJobsHistoryLimit",
    { path: "spec.jobTemplate.spec.template.spec.containers", as: "template_containers" },
    { path: "status.lastScheduleTime", volatile: true },
    { path: "status.lastSuccessfulTime", volatile: true },
  ],
});
