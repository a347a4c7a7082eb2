import type { Kind } from "ckworker";

/** Cloud of all nodes. */
export const CLOUD = "k8s";

/** Kinds that no listing yields: the common base and the cluster, which is the account. */
export const ACCOUNT_KIND = "kubernetes_cluster";
export const REGION_KIND = "kubernetes_namespace";

/**
 * Where references by name look: cluster, namespace and name together, since a name alone would find
 * the object of the same name in another namespace or cluster.
 */
export const QUALIFIED_NAME = "qualified_name";

/** Prefix of type names: that of the original worker. */
const MODULE = "cloudkeeper_plugin_k8s.resources";

/** The kinds that are written down rather than derived. */
export const BASE_KINDS: readonly Kind[] = [
  {
    name: "kubernetes_resource",
    bases: [],
    properties: [
      { name: "self_link", type: "string", description: "Path of the object in the API." },
    ],
    pythonType: `${MODULE}.base.KubernetesResource`,
    description: "Anything of a Kubernetes cluster.",
  },
  {
    name: ACCOUNT_KIND,
    bases: ["kubernetes_resource", "account"],
    properties: [
      { name: "cluster_version", type: "string", description: "Version of the API server." },
      { name: "cluster_platform", type: "string", description: "System that it runs on." },
    ],
    pythonType: `${MODULE}.cluster.KubernetesCluster`,
    description: "A cluster, named by its context or by --k8s-cluster.",
  },
];

/** Module and class of a kind. */
export function pythonType(kind: string, module: string | undefined): string {
  const words = kind.split("_").map((word) => word[0]?.toUpperCase() + word.slice(1));
  return `${MODULE}.${module ?? kind.replace(/^kubernetes_/, "")}.${words.join("")}`;
}

/** Text under which references find an object. */
export function qualifiedName(cluster: string, namespace: string, name: string): string {
  return `${cluster}/${namespace}/${name}`;
}
