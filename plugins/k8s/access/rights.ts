import type { Configured, Permissions, Seen } from "ckworker";
import type { K8sOptions } from "../options.ts";
import { chooseClusters } from "./choose.ts";
import { type Cluster, hostOf, type Source } from "./cluster.ts";
import { type Env, kubeconfigPaths, VARIABLES } from "./places.ts";

/** Variables that the YAML parser looks at for debugging; without the right to look it fails. */
const PARSER_VARIABLES = ["LOG_STREAM", "LOG_TOKENS"] as const;

/** What the host may read to tell the rights. */
export function sees(options: K8sOptions, env: Env) {
  return { env: VARIABLES, files: kubeconfigPaths(options, env) };
}

/** The rights of a guest: the API servers of the chosen clusters, and the files they are named in. */
export function rights(options: K8sOptions, seen: Seen): Permissions {
  const env = (name: string) => seen.env[name];
  const { clusters } = chooseClusters(options, env, seen.files);
  const usable = clusters.filter(({ refused }) => refused === undefined);
  return {
    net: sorted(
      usable.flatMap(({ server, proxy }) =>
        [server, proxy].flatMap((each) => each === undefined ? [] : [hostOf(each)])
      ),
    ),
    env: [...VARIABLES, ...PARSER_VARIABLES],
    read: sorted([...kubeconfigPaths(options, env), ...usable.flatMap(filesOf)]),
  };
}

/** Whether anything tells of a cluster. */
export function findConfiguration(options: K8sOptions, seen: Seen): Configured {
  const paths = kubeconfigPaths(options, (name) => seen.env[name]);
  const { clusters, problems } = chooseClusters(options, (name) => seen.env[name], seen.files);
  const [first] = clusters;
  if (first !== undefined) {
    const more = clusters.length > 1 ? ` and ${clusters.length - 1} more` : "";
    return { configured: true, reason: `cluster ${first.id}${more}` };
  }
  const [problem] = problems;
  const where = paths.length === 0 ? "" : ` in ${paths.join(", ")}`;
  const reason = problem ??
    `no context${where}; give --k8s-config, or --k8s-cluster with --k8s-apiserver`;
  return { configured: false, reason };
}

function filesOf({ user, authority, namespace }: Cluster): readonly string[] {
  const sources: readonly (Source | undefined)[] = [
    authority,
    namespace,
    user.token,
    user.certificate?.certificate,
    user.certificate?.key,
  ];
  return sources.flatMap((each) => each !== undefined && "file" in each ? [each.file] : []);
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
