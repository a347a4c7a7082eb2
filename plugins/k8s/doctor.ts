import { CallLog, CkError, type CollectContext, type DoctorReport } from "ckworker";
import pMap from "p-map";
import type { Cluster } from "./access/cluster.ts";
import { CallFault } from "./client/call_fault.ts";
import type { Connection } from "./client/connection.ts";
import { Discovery } from "./client/discovery.ts";
import type { Machine } from "./client/machine.ts";
import { pages } from "./client/pages.ts";
import { readVersion } from "./client/version.ts";
import { connect, readClusters } from "./clusters.ts";
import { pathOf, permissionOf } from "./engine/calls.ts";
import { readMeta } from "./engine/meta.ts";
import { selected } from "./engine/selection.ts";
import type { K8sOptions } from "./options.ts";
import type { Resource } from "./resource.ts";

type AccountReport = DoctorReport["accounts"][number];

/** Calls that are tried at once in a cluster. */
const AT_ONCE = 4;

/** Reaches each cluster and tries the first page of each list. */
export async function examine(
  context: CollectContext<K8sOptions>,
  machine: Machine,
): Promise<DoctorReport> {
  const { clusters } = await readClusters(context, machine);
  const accounts = await pMap(clusters, (cluster) => examineCluster(cluster, context, machine), {
    concurrency: context.options.pool_size,
  });
  return { credentials: clusters.map(describe).join("; "), accounts };
}

function describe({ id, user }: Cluster): string {
  const parts = [
    ...(user.helper === undefined ? [] : [`helper ${user.helper.command}`]),
    ...(user.certificate === undefined ? [] : ["client certificate"]),
    ...(user.token === undefined ? [] : ["token"]),
    ...(user.basic === undefined ? [] : ["user and password"]),
  ];
  return `${id}: ${parts.join(", ") || "none"}`;
}

async function examineCluster(
  cluster: Cluster,
  context: CollectContext<K8sOptions>,
  machine: Machine,
): Promise<AccountReport> {
  const { id, refused } = cluster;
  const known = { id, name: id, regions: [], denied: [] };
  if (refused !== undefined) return { ...known, problem: `${refused.why}. ${refused.hint}` };
  const { signal } = context;
  using connection = connect(cluster, context, machine, new CallLog());
  try {
    await readVersion(connection, signal).catch((error: unknown) => {
      if (!isDenied(error)) throw error;
    });
    const denied = await tryLists(connection, selected(context.options), signal);
    return { ...known, regions: await namespaces(connection, signal), denied };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CkError)) throw error;
    return { ...known, problem: [error.message, error.hint].filter(Boolean).join(". ") };
  }
}

async function tryLists(
  connection: Connection,
  resources: readonly Resource[],
  signal: AbortSignal,
): Promise<AccountReport["denied"]> {
  const discovery = new Discovery(connection, signal);
  const denied = await pMap(resources, async ({ kind, api }) => {
    const served = await discovery.find(api);
    if (served.type !== "served") return [];
    const call = permissionOf("list", api);
    const path = pathOf(api, served.version);
    try {
      await connection.send({ path, query: { limit: "1" }, call, permission: call }, signal);
      return [];
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CallFault && isDenied(error)) {
        return [{ ...error.scopeFault, kinds: [kind] }];
      }
      if (error instanceof CallFault && error.fault === "unsupported") return [];
      throw error;
    }
  }, { concurrency: AT_ONCE });
  return denied.flat();
}

async function namespaces(connection: Connection, signal: AbortSignal): Promise<readonly string[]> {
  const names: string[] = [];
  const request = { path: "/api/v1/namespaces", call: "list namespaces" };
  try {
    for await (const { items } of pages(connection, request, signal)) {
      names.push(...items.flatMap((item) => readMeta(item)?.name ?? []));
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!isDenied(error)) throw error;
  }
  return names.sort();
}

function isDenied(error: unknown): boolean {
  return error instanceof CallFault && error.fault === "access_denied";
}
