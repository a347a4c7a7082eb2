import { ConfigError } from "ckworker";
import type { K8sOptions } from "../options.ts";
import type { Cluster } from "./cluster.ts";
import { toCluster } from "./context.ts";
import { type Kubeconfig, readKubeconfig } from "./kubeconfig.ts";
import { type Env, kubeconfigPaths, POD_FILES, podServer } from "./places.ts";

/** Name of the cluster that a pod finds itself in. */
export const IN_CLUSTER = "in-cluster";

/** The clusters that the options choose. */
export interface Choice {
  readonly clusters: readonly Cluster[];
  /** What is wrong with the configuration without keeping everything from being collected. */
  readonly problems: readonly string[];
}

/**
 * Chooses clusters: named contexts, those of the command line; without either the current context,
 * without a kubeconfig the cluster that this runs in.
 * @param files texts of the files that exist, by path
 * @throws ConfigError for a context that there is not, or a name that both have
 */
export function chooseClusters(
  options: K8sOptions,
  env: Env,
  files: Readonly<Record<string, string>>,
): Choice {
  const paths = kubeconfigPaths(options, env);
  const present = paths.flatMap((path): (readonly [string, string])[] => {
    const text = files[path];
    return text === undefined ? [] : [[path, text]];
  });
  const config = readKubeconfig(present);
  const { config: named } = options;
  const isMissing = named !== undefined && present.length === 0;
  const given = givenClusters(options);
  refuseSameNames(given, config);
  const contexts = contextNames(options, config)
    .map((name) => toCluster(name, config));
  const chosen = [...contexts, ...given];
  const pod = chosen.length === 0 && present.length === 0 && !isMissing ? podCluster(env) : [];
  return {
    clusters: [...chosen, ...pod],
    problems: [...config.problems, ...(isMissing ? [`${named} cannot be read`] : [])],
  };
}

function contextNames({ context, cluster }: K8sOptions, config: Kubeconfig): readonly string[] {
  for (const name of context) {
    if (config.contexts.has(name)) continue;
    const known = [...config.contexts.keys()].join(", ");
    throw new ConfigError(`there is no context ${name} in the kubeconfig`, {
      context: { plugin: "k8s", subject: "--k8s-context" },
      hint: known === "" ? "No kubeconfig with contexts was found" : `Contexts: ${known}`,
    });
  }
  if (context.length > 0) return [...new Set(context)];
  return cluster.length > 0 || config.current === undefined ? [] : [config.current];
}

function givenClusters({ cluster, apiserver, token, cacert }: K8sOptions): readonly Cluster[] {
  return cluster.map((id, index) => ({
    id,
    server: (apiserver[index] ?? "").replace(/\/+$/, ""),
    authority: { file: cacert[index] ?? "" },
    user: { token: { text: token[index] ?? "" } },
  }));
}

function refuseSameNames(given: readonly Cluster[], { contexts }: Kubeconfig): void {
  const same = given.find(({ id }) => contexts.has(id));
  if (same === undefined) return;
  throw new ConfigError(`--k8s-cluster ${same.id} has the name of a context`, {
    context: { plugin: "k8s", subject: "--k8s-cluster" },
    hint: "Give the cluster another name, or name the context with --k8s-context",
  });
}

function podCluster(env: Env): readonly Cluster[] {
  const server = podServer(env);
  if (server === undefined) return [];
  const { token, authority, namespace } = POD_FILES;
  return [{
    id: IN_CLUSTER,
    server,
    authority: { file: authority },
    namespace: { file: namespace },
    user: { token: { file: token } },
  }];
}
