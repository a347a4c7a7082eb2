import {
  type CollectContext,
  type Collector,
  isOfShard,
  outcomeOf,
  type PluginContext,
  toScopeFault,
} from "ckworker";
import { createChanger } from "./changer.ts";
import { collectAccount, type RunParts } from "./engine/account_run.ts";
import type { AccountEntry } from "./discovery/accounts.ts";
import { account, region } from "./engine/base.ts";
import { Caller } from "./engine/caller.ts";
import { Compiler } from "./engine/compile.ts";
import { discover, type Discovered, type DiscoveryParts } from "./discovery/discovery.ts";
import { examine } from "./discovery/doctor.ts";
import { forEach } from "./engine/for_each.ts";
import type { Mapping } from "./engine/mapping.ts";
import { createNetwork, type Machine, type Pool } from "./discovery/network.ts";
import type { AwsOptions } from "./options.ts";
import type { Resource } from "./resource.ts";
import { Selection } from "./engine/selection.ts";
import { findStart, Sessions } from "./discovery/sessions.ts";

/** What the collector is made of: declarations and what is generated from them. */
export interface Parts {
  readonly resources: readonly Resource[];
  readonly mapping: Mapping;
  readonly calls: readonly {
    readonly call: string;
    readonly permissions: readonly string[];
    readonly purpose: string;
  }[];
}

/** The collector over declarations and a machine. */
export function createCollector(parts: Parts, machine: Machine): Collector<AwsOptions> {
  return {
    async collect(context) {
      using pool = await openPool(context, machine);
      const prepared = { context, ...await prepare(context, parts, machine, pool, "read") };
      using _sessions = prepared.sessions;
      await collect(context, prepared, parts);
    },
    async doctor(context) {
      using pool = await openPool(context, machine);
      const prepared = { context, ...await prepare(context, parts, machine, pool, "read") };
      using _sessions = prepared.sessions;
      return await examine(prepared, parts.resources);
    },
    async changer(context) {
      using opened = new DisposableStack();
      const pool = opened.use(await openPool(context, machine));
      const prepared = { context, ...await prepare(context, parts, machine, pool, "change") };
      opened.use(prepared.sessions);
      return createChanger(prepared, parts.resources, parts.mapping, opened.move());
    },
  };
}

/** What a run works with: everything that does not depend on the accounts. */
interface Prepared extends DiscoveryParts {
  readonly context: CollectContext<AwsOptions>;
}

async function collect(
  context: CollectContext<AwsOptions>,
  prepared: Prepared,
  parts: Parts,
): Promise<void> {
  const discovered = await discover(prepared);
  for (const warning of discovered.warnings) context.log("warn", "aws.options", warning);
  await reportOrganisation(context, discovered);
  context.accounts(discovered.report);
  const mine = discovered.entries.filter(({ id }) => isOfShard(id, context.shard));
  const run = runParts(prepared, parts);
  const { account_pool_size: concurrency } = context.options;
  const collectOne = (entry: AccountEntry) =>
    collectAccount(entry, prepared.sessions.of(entry, discovered.base), run);
  await forEach(mine, collectOne, concurrency);
  context.stats(prepared.network.log.take());
}

/** Only calls that are declared for the purpose can be made. */
async function prepare(
  context: PluginContext<AwsOptions>,
  { calls, mapping }: Parts,
  machine: Machine,
  pool: Pool,
  purpose: "read" | "change",
): Promise<Omit<Prepared, "context">> {
  const { options } = context;
  const permissions = new Map(
    calls.filter((each) => each.purpose === purpose).map((each) =>
      [each.call, each.permissions] as const
    ),
  );
  const network = createNetwork(context, machine, pool, options.endpoint_url, permissions);
  const start = await findStart(context, machine, network.handler);
  const sessions = new Sessions(network, start, options);
  return { network, caller: new Caller(mapping.pages), start, sessions };
}

/** The list of accounts has a scope of its own, of no account. */
async function reportOrganisation(
  context: CollectContext<AwsOptions>,
  { organisation }: Discovered,
): Promise<void> {
  const { index } = context.shard;
  // Of several guests that list the same accounts, one tells; another only when it could not.
  if (organisation === "not asked" || (index !== 0 && organisation === "listed")) return;
  const resource = index === 0 ? account.kind : `${account.kind}_${index}`;
  const scope = { account: "", resource };
  const isClosed = context.resumed(scope);
  if (organisation === "listed") {
    if (!isClosed) await (await context.open(scope)).close();
    return;
  }
  // What an interrupted run closed stays closed, so it is what lies in the accounts that is unknown.
  const writer = await context.open(isClosed ? { ...scope, resource: region.kind } : scope);
  const message = "the accounts of the organisation cannot be listed";
  context.log("error", "aws.organisation.unknown", message);
  const { fault } = organisation;
  await writer.close({
    outcome: outcomeOf(fault),
    faults: [toScopeFault(fault, "organizations:ListAccounts")],
  });
}

function runParts({ context, network, caller, start }: Prepared, parts: Parts): RunParts {
  const { options, sensitive } = context;
  const compiler = new Compiler(parts.mapping, sensitive);
  return {
    context,
    network,
    caller,
    start,
    selection: new Selection(options.collect, options.no_collect),
    resources: parts.resources.map((resource) => compiler.resource(resource)),
    account: compiler.node(account),
    region: compiler.node(region),
    guestOnce: new Map(),
  };
}

async function openPool(context: PluginContext<AwsOptions>, machine: Machine): Promise<Pool> {
  const bundle = machine.env("AWS_CA_BUNDLE");
  const own = bundle === undefined || bundle === "" ? "" : await machine.readFile(bundle);
  return machine.pool([context.caCertificates ?? "", own].filter((each) => each !== "").join("\n"));
}
