import type { K8sOptions } from "../options.ts";

/** Looks a variable up. */
export type Env = (name: string) => string | undefined;

/** Variables that tell where configuration is. */
export const VARIABLES = [
  "HOME",
  "KUBECONFIG",
  "KUBERNETES_SERVICE_HOST",
  "KUBERNETES_SERVICE_PORT",
  "USERPROFILE",
] as const;

const MOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What a pod's service account has in its file system. */
export const POD_FILES = {
  token: `${MOUNTED}/token`,
  authority: `${MOUNTED}/ca.crt`,
  namespace: `${MOUNTED}/namespace`,
} as const;

/** Paths of the kubeconfig files, the strongest first. */
export function kubeconfigPaths(
  { config }: Pick<K8sOptions, "config">,
  env: Env,
): readonly string[] {
  if (config !== undefined) return [config];
  const listed = (env("KUBECONFIG") ?? "").split(":").filter((path) => path !== "");
  if (listed.length > 0) return [...new Set(listed)];
  const home = env("HOME") || env("USERPROFILE");
  return home === undefined || home === "" ? [] : [`${home.replace(/\/$/, "")}/.kube/config`];
}

/** Address of the API server for a pod inside the cluster; undefined outside. */
export function podServer(env: Env): string | undefined {
  const host = env("KUBERNETES_SERVICE_HOST") ?? "";
  if (host === "") return undefined;
  const port = env("KUBERNETES_SERVICE_PORT") || "443";
  return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
