/**
 * Members that nested values keep, by their definition in the published description. What is not
 * listed is left out, so that nodes stay small and no secret comes along unseen.
 */
export interface DeclaredStructure {
  /** Name of the nested kind, where that of the definition is taken. */
  readonly kind?: string;
  readonly members: readonly string[];
  /** Members that hold secrets: texts are stored as keyed hashes. */
  readonly sensitive?: readonly string[];
  /** Names of properties, where that of the member is too general for all kinds of all clouds. */
  readonly as?: Readonly<Record<string, string>>;
  /** Members that are kept as they are, without types: they would lie too deep. */
  readonly plain?: readonly string[];
}

const CONDITION = ["type", "status", "reason", "message", "lastTransitionTime"] as const;

/** Structures by definition. */
export const structures: Readonly<Record<string, DeclaredStructure>> = {
  "admissionregistration.v1.MutatingWebhook": {
    members: ["name", "clientConfig", "failurePolicy", "matchPolicy", "sideEffects", "rules"],
  },
  "admissionregistration.v1.RuleWithOperations": {
    members: ["apiGroups", "apiVersions", "operations", "resources", "scope"],
  },
  "admissionregistration.v1.ServiceReference": { members: ["name", "namespace", "path", "port"] },
  "admissionregistration.v1.ValidatingWebhook": {
    members: ["name", "clientConfig", "failurePolicy", "matchPolicy", "sideEffects", "rules"],
  },
  "admissionregistration.v1.WebhookClientConfig": { members: ["service", "url"] },
  "apiextensions.v1.CustomResourceDefinitionCondition": { members: CONDITION },
  "apiextensions.v1.CustomResourceDefinitionNames": {
    members: ["kind", "listKind", "plural", "singular", "shortNames", "categories"],
  },
  "apiextensions.v1.CustomResourceDefinitionVersion": {
    members: ["name", "served", "storage", "deprecated"],
  },
  "apps.v1.DaemonSetUpdateStrategy": { members: ["type", "rollingUpdate"] },
  "apps.v1.DeploymentCondition": { members: CONDITION },
  "apps.v1.DeploymentStrategy": { members: ["type", "rollingUpdate"] },
  "apps.v1.RollingUpdateDaemonSet": { members: ["maxSurge", "maxUnavailable"] },
  "apps.v1.RollingUpdateDeployment": { members: ["maxSurge", "maxUnavailable"] },
  "apps.v1.RollingUpdateStatefulSetStrategy": { members: ["maxUnavailable", "partition"] },
  "apps.v1.StatefulSetUpdateStrategy": { members: ["type", "rollingUpdate"] },
  "autoscaling.v2.CrossVersionObjectReference": { members: ["apiVersion", "kind", "name"] },
  "batch.v1.JobCondition": { members: CONDITION },
  "core.v1.ConfigMapVolumeSource": { members: ["name", "optional"] },
  "core.v1.Container": {
    members: [
      "name",
      "image",
      "imagePullPolicy",
      "command",
      "args",
      "workingDir",
      "ports",
      "env",
      "resources",
      "volumeMounts",
      "securityContext",
    ],
    sensitive: ["command", "args"],
  },
  "core.v1.ContainerPort": {
    members: ["name", "containerPort", "hostPort", "hostIP", "protocol"],
  },
  "core.v1.ContainerStatus": {
    members: ["name", "image", "imageID", "containerID", "ready", "started", "restartCount"],
  },
  "core.v1.EmptyDirVolumeSource": { members: ["medium", "sizeLimit"] },
  "core.v1.EndpointAddress": { members: ["ip", "hostname", "nodeName"] },
  "core.v1.EndpointPort": { members: ["name", "port", "protocol", "appProtocol"] },
  "core.v1.EndpointSubset": { members: ["addresses", "notReadyAddresses", "ports"] },
  "core.v1.EnvVar": { members: ["name", "value"], sensitive: ["value"] },
  "core.v1.HostPathVolumeSource": { members: ["path", "type"] },
  "core.v1.LimitRangeItem": {
    members: ["type", "default", "defaultRequest", "max", "min", "maxLimitRequestRatio"],
    as: { default: "limit_default", max: "limit_max", min: "limit_min" },
  },
  "core.v1.LoadBalancerIngress": { members: ["ip", "hostname", "ipMode"] },
  "core.v1.NodeAddress": { members: ["type", "address"] },
  // The time of the last heartbeat is left out: it would make every node changed all the time.
  "core.v1.NodeCondition": { members: CONDITION },
  "core.v1.NodeSystemInfo": {
    members: [
      "architecture",
      "bootID",
      "containerRuntimeVersion",
      "kernelVersion",
      "kubeProxyVersion",
      "kubeletVersion",
      "machineID",
      "operatingSystem",
      "osImage",
      "systemUUID",
    ],
  },
  "core.v1.PersistentVolumeClaimVolumeSource": { members: ["claimName", "readOnly"] },
  "core.v1.PodCondition": { members: CONDITION },
  "core.v1.ResourceRequirements": { members: ["limits", "requests"] },
  "core.v1.SecretVolumeSource": { members: ["secretName", "optional"] },
  "core.v1.SecurityContext": {
    members: [
      "privileged",
      "allowPrivilegeEscalation",
      "readOnlyRootFilesystem",
      "runAsUser",
      "runAsGroup",
      "runAsNonRoot",
    ],
  },
  "core.v1.ServicePort": {
    members: ["name", "port", "targetPort", "nodePort", "protocol", "appProtocol"],
  },
  "core.v1.Taint": { members: ["key", "value", "effect", "timeAdded"] },
  "core.v1.Volume": {
    members: ["name", "persistentVolumeClaim", "secret", "configMap", "hostPath", "emptyDir"],
  },
  "core.v1.VolumeMount": { members: ["name", "mountPath", "subPath", "readOnly"] },
  "core.v1.VolumeResourceRequirements": { members: ["limits", "requests"] },
  "discovery.v1.Endpoint": {
    kind: "kubernetes_slice_endpoint",
    members: ["addresses", "conditions", "hostname", "nodeName", "zone"],
  },
  "discovery.v1.EndpointConditions": { members: ["ready", "serving", "terminating"] },
  "discovery.v1.EndpointPort": { members: ["name", "port", "protocol", "appProtocol"] },
  "meta.v1.LabelSelector": { members: ["matchLabels", "matchExpressions"] },
  "meta.v1.LabelSelectorRequirement": { members: ["key", "operator", "values"] },
  "networking.v1.HTTPIngressPath": {
    members: ["path", "pathType", "backend"],
    plain: ["backend"],
  },
  "networking.v1.HTTPIngressRuleValue": { members: ["paths"] },
  "networking.v1.IPBlock": { members: ["cidr", "except"] },
  "networking.v1.IngressLoadBalancerIngress": { members: ["ip", "hostname"] },
  "networking.v1.IngressRule": { members: ["host", "http"] },
  "networking.v1.IngressTLS": { members: ["hosts", "secretName"] },
  "networking.v1.NetworkPolicyEgressRule": { members: ["ports", "to"] },
  "networking.v1.NetworkPolicyIngressRule": { members: ["ports", "from"] },
  "networking.v1.NetworkPolicyPeer": {
    members: ["ipBlock", "namespaceSelector", "podSelector"],
    plain: ["namespaceSelector", "podSelector"],
  },
  "networking.v1.NetworkPolicyPort": { members: ["port", "endPort", "protocol"] },
  "rbac.v1.PolicyRule": {
    members: ["apiGroups", "resources", "resourceNames", "verbs", "nonResourceURLs"],
  },
  "rbac.v1.RoleRef": { members: ["apiGroup", "kind", "name"] },
  "rbac.v1.Subject": { members: ["apiGroup", "kind", "name", "namespace"] },
  "storage.v1.CSINodeDriver": { members: ["name", "nodeID", "topologyKeys"] },
};

/** Deepest level of nested values with types of their own; below it they are kept as they are. */
export const DEEPEST = 3;
