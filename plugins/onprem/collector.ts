import { CallLog, CloudError, type CollectContext, type Collector, isOfShard } from "ckworker";
import pMap from "p-map";
import { readLogins } from "./access/logins.ts";
import { guardKeyExchange } from "./client/guard_ecdh.ts";
import type { Machine } from "./client/machine.ts";
import { examine } from "./doctor.ts";
import { collectHost, scopeOf } from "./hosts.ts";
import { type OnpremOptions, serversOf } from "./options.ts";
import { collectPlaces, locationsOf } from "./structure.ts";
import type { OnpremRun } from "./read_facts.ts";

/** The collector on a machine. */
export function createCollector(machine: Machine): Collector<OnpremOptions> {
  guardKeyExchange();
  return {
    collect: async (context) => await collect(await prepare(context, machine)),
    doctor: async (context) => await examine(await prepare(context, machine)),
  };
}

async function prepare(
  context: CollectContext<OnpremOptions>,
  machine: Machine,
): Promise<OnpremRun> {
  if (context.options.server.length === 0) {
    throw new CloudError("no_credentials", "On-prem: there is no server to collect", {
      context: { plugin: "onprem" },
      hint: "Name servers with --onprem-server",
    });
  }
  return { context, machine, logins: await readLogins(context, machine) };
}

async function collect(run: OnpremRun): Promise<void> {
  const { context } = run;
  const { options, shard } = context;
  const servers = serversOf(options);
  const locations = locationsOf(servers, options);
  // The list says which hosts are looked at, not which there are: one that it does not name any more
  // is kept.
  context.accounts({
    complete: false,
    accounts: locations.map(({ id }) => ({ id })),
    unfiltered: true,
  });
  if (shard.index === 0) await collectPlaces(context, locations);
  const mine = servers.filter((server) => isOfShard(scopeOf(run, server).resource, shard));
  const progress = createProgress(run, mine.map((server) => scopeOf(run, server).account));
  const log = new CallLog();
  try {
    await pMap(mine, async (server) => {
      await collectHost(run, server, log);
      progress(scopeOf(run, server).account);
    }, { concurrency: options.pool_size });
  } finally {
    context.stats(log.take());
  }
}

/** Counts the hosts of each location. */
function createProgress({ context }: OnpremRun, accounts: readonly string[]) {
  const totals = Map.groupBy(accounts, (account) => account);
  const done = new Map<string, number>();
  return (account: string) => {
    const count = (done.get(account) ?? 0) + 1;
    done.set(account, count);
    context.progress(account, count, totals.get(account)?.length ?? count);
  };
}
