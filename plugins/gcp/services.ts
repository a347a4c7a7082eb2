/** What must be known of a Google API beyond its description. */
export interface Service {
  /** First word of its permissions; empty for one that asks for none. */
  readonly permissions: string;
  /** Objects of one page, where the API takes that many; its own default otherwise. */
  readonly page?: number;
}

/** The APIs that are called, by the name that their descriptions have. */
export const SERVICES = {
  aiplatform: { permissions: "aiplatform", page: 100 },
  cloudbilling: { permissions: "", page: 5_000 },
  cloudfunctions: { permissions: "cloudfunctions" },
  cloudresourcemanager: { permissions: "resourcemanager", page: 500 },
  compute: { permissions: "compute", page: 500 },
  container: { permissions: "container" },
  file: { permissions: "file" },
  firestore: { permissions: "datastore" },
  pubsub: { permissions: "pubsub", page: 1_000 },
  securitycenter: { permissions: "securitycenter", page: 1_000 },
  sqladmin: { permissions: "cloudsql" },
  storage: { permissions: "storage", page: 1_000 },
} as const satisfies Readonly<Record<string, Service>>;

/** Name of an API. */
export type ServiceName = keyof typeof SERVICES;

/** Facts of an API. */
export function serviceOf(name: ServiceName): Service {
  return SERVICES[name];
}

/** Collections whose permissions are those of another one. */
const SAME_PERMISSIONS: Readonly<Record<string, string>> = {
  "compute.regionAutoscalers": "autoscalers",
  "compute.regionDisks": "disks",
  "compute.regionInstanceGroupManagers": "instanceGroupManagers",
  "compute.regionInstanceGroups": "instanceGroups",
  "compute.regionInstanceTemplates": "instanceTemplates",
  "aiplatform.projects.locations.datasets.datasetVersions": "datasetVersions",
  "aiplatform.projects.locations.featureGroups.features": "features",
  "aiplatform.projects.locations.models.evaluations": "modelEvaluations",
  "file.projects.locations.instances.snapshots": "snapshots",
  "firestore.projects.databases.operations": "operations",
  "securitycenter.projects.sources.findings": "findings",
  "compute.networkFirewallPolicies": "firewallPolicies",
  "compute.regionCommitments": "commitments",
  "compute.regionNetworkFirewallPolicies": "firewallPolicies",
  "sqladmin.operations": "instances",
};

/** Last words of permissions that are not the method's name. */
const VERBS: Readonly<Record<string, string>> = {
  aggregatedList: "list",
  listInstances: "list",
  patch: "update",
  setResourceLabels: "update",
};

/** Permissions that follow from nothing. */
const OWN: Readonly<Record<string, string>> = {
  "cloudbilling.billingAccounts.get": "billing.accounts.get",
  "cloudbilling.projects.getBillingInfo": "resourcemanager.projects.get",
  "sqladmin.operations.list": "cloudsql.instances.get",
};

/** The permission that an operation needs, `compute.disks.list`; undefined where none is asked for. */
export function permissionOf(service: ServiceName, operation: string): string | undefined {
  const own = OWN[`${service}.${operation}`];
  if (own !== undefined) return own;
  const { permissions } = serviceOf(service);
  if (permissions === "") return undefined;
  // A project is listed for whoever may get it.
  if (service === "cloudresourcemanager") return "resourcemanager.projects.get";
  const dot = operation.lastIndexOf(".");
  const [collection, method] = [operation.slice(0, dot), operation.slice(dot + 1)];
  const noun = SAME_PERMISSIONS[`${service}.${collection}`] ??
    collection.replace(/^projects\.(locations\.)?/, "");
  return `${permissions}.${noun}.${VERBS[method] ?? method}`;
}
