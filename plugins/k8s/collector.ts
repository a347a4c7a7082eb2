import {
  type CollectContext,
  type Collector,
  createHide,
  type DescribedMapping,
  isOfShard,
} from "ckworker";
import pMap from "p-map";
import type { Cluster } from "./access/cluster.ts";
import { createChanger } from "./changer.ts";
import { CallLog } from "ckworker";
import type { Machine } from "./client/machine.ts";
import { connect, readClusters } from "./clusters.ts";
import { examine } from "./doctor.ts";
import { ClusterRun } from "./engine/cluster_run.ts";
import { createMapper } from "./engine/mapper.ts";
import { selected } from "./engine/selection.ts";
import type { K8sOptions } from "./options.ts";
import { resources } from "./resources/mod.ts";

/** The collector over what is generated and a machine. */
export function createCollector(
  mapping: DescribedMapping,
  machine: Machine,
): Collector<K8sOptions> {
  return {
    collect: (context) => collect(context, mapping, machine),
    doctor: (context) => examine(context, machine),
    changer: (context) => createChanger(context, machine),
  };
}

async function collect(
  context: CollectContext<K8sOptions>,
  mapping: DescribedMapping,
  machine: Machine,
): Promise<void> {
  const { options } = context;
  const { clusters } = await readClusters(context, machine);
  reportAccounts(context, clusters);
  const parts = {
    context,
    all: resources,
    resources: selected(options),
    mapper: createMapper(mapping, createHide(context.sensitive)),
    readFile: (path: string) => machine.readFile(path),
  };
  const mine = clusters.filter(({ id }) => isOfShard(id, context.shard));
  await pMap(mine, async (cluster) => {
    const log = new CallLog();
    using connection = connect(cluster, context, machine, log);
    try {
      await new ClusterRun(cluster, connection, parts).collect();
    } finally {
      context.stats(log.take());
    }
  }, { concurrency: options.pool_size });
}

/**
 * A kubeconfig says which clusters are looked at, not which there are: one that it does not name any
 * more is kept, so the list is never whole.
 */
function reportAccounts(
  context: CollectContext<K8sOptions>,
  clusters: readonly Cluster[],
): void {
  const { collect, no_collect } = context.options;
  const unfiltered = collect.length === 0 && no_collect.length === 0;
  context.accounts({
    complete: false,
    accounts: clusters.map(({ id }) => ({ id, name: id })),
    unfiltered,
    filters: unfiltered ? [] : ["kinds"],
  });
}
