import { CloudError, type PluginContext } from "ckworker";
import { type Choice, chooseClusters } from "./access/choose.ts";
import type { Cluster } from "./access/cluster.ts";
import { kubeconfigPaths } from "./access/places.ts";
import type { CallLog } from "ckworker";
import { Connection } from "./client/connection.ts";
import type { Machine } from "./client/machine.ts";
import type { K8sOptions } from "./options.ts";

/**
 * Reads the configuration inside the guest: the clusters that the host computed its rights from.
 * @throws CloudError when there is no cluster
 */
export async function readClusters(
  context: PluginContext<K8sOptions>,
  machine: Machine,
): Promise<Choice> {
  const { options } = context;
  const files: Record<string, string> = {};
  for (const path of kubeconfigPaths(options, machine.env)) {
    const text = await readPresent(path, machine);
    if (text !== undefined) files[path] = text;
  }
  const choice = chooseClusters(options, machine.env, files);
  for (const problem of choice.problems) context.log("error", "k8s.config", problem);
  for (const { id, warning } of choice.clusters) {
    if (warning !== undefined) context.log("warn", "k8s.config", `${id}: ${warning}`);
  }
  if (choice.clusters.length > 0) return choice;
  const [why = "there is no cluster to collect"] = choice.problems;
  throw new CloudError("no_credentials", why, {
    context: { plugin: "k8s" },
    hint: "Write a kubeconfig with a current context, or name clusters with --k8s-cluster",
  });
}

/** A connection to a cluster, to be disposed of. */
export function connect(
  cluster: Cluster,
  context: PluginContext<K8sOptions>,
  machine: Machine,
  log: CallLog,
): Connection {
  const { caCertificates } = context;
  return new Connection(cluster, {
    machine,
    log,
    authorities: caCertificates === undefined || caCertificates === "" ? [] : [caCertificates],
    helper: (path, args) => context.helper(path, args),
  });
}

/** A file that is absent or must not be read is not there: what follows from that is told later. */
async function readPresent(path: string, { readFile }: Machine): Promise<string | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    throw error;
  }
}
