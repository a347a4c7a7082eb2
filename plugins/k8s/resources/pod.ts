import { textAt } from "ckworker";
import { defineResource, named, type Raw } from "../resource.ts";

/** A pod: containers that run together. */
export const pod = defineResource({
  kind: "kubernetes_pod",
  bases: ["kubernetes_resource", "instance"],
  collector: "pods",
  description: "A pod: containers that run together.",
  api: { group: "", versions: ["v1"], plural: "pods", kind: "Pod", namespaced: true },
  definition: "core.v1.Pod",
  pythonModule: "pod",
  properties: [
    "spec.nodeName",
    "spec.serviceAccountName",
    "spec.priorityClassName",
    "spec.schedulerName",
    "spec.runtimeClassName",
    "spec.restartPolicy",
    "spec.dnsPolicy",
    "spec.hostNetwork",
    "spec.hostPID",
    "spec.hostIPC",
    "spec.containers",
    "spec.initContainers",
    "spec.volumes",
    { path: "status.phase", as: "pod_phase" },
    "status.podIP",
    "status.hostIP",
    "status.qosClass",
    "status.startTime",
    { path: "status.reason", as: "pod_reason" },
    { path: "status.containerStatuses", volatile: true },
    { path: "status.initContainerStatuses", volatile: true },
    { path: "status.conditions", volatile: true },
  ],
  edges: [
    ...named("from", "kubernetes_node", "spec.nodeName"),
    ...named("to", "kubernetes_service_account", "spec.serviceAccountName"),
    ...named("to", "kubernetes_priority_class", "spec.priorityClassName"),
    ...named("to", "kubernetes_runtime_class", "spec.runtimeClassName"),
    ...named(
      "to",
      "kubernetes_persistent_volume_claim",
      "spec.volumes[].persistentVolumeClaim.claimName",
    ),
    ...named(
      "to",
      "kubernetes_secret",
      "spec.volumes[].secret.secretName",
      "spec.volumes[].projected.sources[].secret.name",
      "spec.imagePullSecrets[].name",
      "spec.containers[].envFrom[].secretRef.name",
      "spec.containers[].env[].valueFrom.secretKeyRef.name",
      "spec.initContainers[].envFrom[].secretRef.name",
      "spec.initContainers[].env[].valueFrom.secretKeyRef.name",
    ),
    ...named(
      "to",
      "kubernetes_config_map",
      "spec.volumes[].configMap.name",
      "spec.volumes[].projected.sources[].configMap.name",
      "spec.containers[].envFrom[].configMapRef.name",
      "spec.containers[].env[].valueFrom.configMapKeyRef.name",
      "spec.initContainers[].envFrom[].configMapRef.name",
      "spec.initContainers[].env[].valueFrom.configMapKeyRef.name",
    ),
  ],
  values: (raw) => ({ instance_status: instanceStatus(raw) }),
});

/** Status of an instance by phase of a pod; what is not here is unknown. */
const INSTANCE_STATUS: Readonly<Record<string, string>> = {
  Pending: "busy",
  Succeeded: "busy",
  Running: "running",
  Failed: "terminated",
};

function instanceStatus(raw: Raw): string {
  const phase = textAt(raw, "status.phase") ?? "";
  return Object.hasOwn(INSTANCE_STATUS, phase) ? INSTANCE_STATUS[phase] ?? "unknown" : "unknown";
}
