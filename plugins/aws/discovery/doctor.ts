import { type DoctorReport, type ScopeFault, toScopeFault } from "ckworker";
import pMap from "p-map";
import type { AccountEntry } from "./accounts.ts";
import { account as accountDeclaration, ENGINE_CALLS } from "../engine/base.ts";
import { describeSource } from "../client/base_credentials.ts";
import { CallFault } from "../client/call_fault.ts";
import { Connection } from "../client/connection.ts";
import type { Session } from "../client/session.ts";
import { discover, type Discovered, type DiscoveryParts } from "./discovery.ts";
import { compileInput } from "../engine/input.ts";
import { sortRegions } from "./regions.ts";
import type { NodeDeclaration, Operation, Resource } from "../resource.ts";
import { Selection } from "../engine/selection.ts";
import type { ServiceName } from "../services.ts";

/** Calls that are tried at once in an account. */
const AT_ONCE = 8;

type AccountReport = DoctorReport["accounts"][number];

/** Looks at credentials, accounts and regions, and tries the first page of each list. */
export async function examine(
  parts: DiscoveryParts,
  resources: readonly Resource[],
): Promise<DoctorReport> {
  const { options } = parts.context;
  const selection = new Selection(options.collect, options.no_collect);
  const wanted = resources.filter(({ collector }) => selection.wants(collector));
  const discovered = await discover(parts);
  const accounts = await pMap(
    discovered.entries,
    (entry) => examineAccount(entry, parts, discovered, wanted),
    { concurrency: options.account_pool_size },
  );
  return {
    credentials: `${describeSource(parts.start.source)}, account ${discovered.base.account}`,
    accounts: [...accounts, ...organisationProblem(discovered)],
  };
}

async function examineAccount(
  entry: AccountEntry,
  parts: DiscoveryParts,
  { base }: Discovered,
  resources: readonly Resource[],
): Promise<AccountReport> {
  const { id, name } = entry;
  const session = parts.sessions.of(entry, base);
  const known = { id, ...(name === undefined ? {} : { name }) };
  try {
    await session.credentials();
  } catch (error) {
    parts.context.signal.throwIfAborted();
    return { ...known, regions: [], denied: [], problem: messageOf(error) };
  }
  const regions = await findRegions(session, parts);
  const [first] = regions.found;
  const denied = first === undefined ? [] : await tryLists(session, first, parts, resources);
  return {
    ...known,
    regions: regions.found,
    denied: [...regions.denied, ...denied],
    ...(regions.problem === undefined ? {} : { problem: regions.problem }),
  };
}

interface FoundRegions {
  readonly found: readonly string[];
  readonly denied: AccountReport["denied"];
  readonly problem?: string;
}

async function findRegions(session: Session, parts: DiscoveryParts): Promise<FoundRegions> {
  const { context, network, caller, start } = parts;
  const { region } = context.options;
  if (region.length > 0) return { found: region, denied: [] };
  using connection = new Connection(network, session, start.region);
  const { regions } = ENGINE_CALLS;
  try {
    const answer = await caller.call(connection, regions, regions.service, { AllRegions: true });
    return { found: sortRegions(Array.isArray(answer) ? answer : []).collect, denied: [] };
  } catch (error) {
    context.signal.throwIfAborted();
    const found = start.partition.regions;
    if (!isDenied(error)) return { found, denied: [], problem: messageOf(error) };
    const denial = { ...toScopeFault(error, "ec2:DescribeRegions"), kinds: [] };
    return { found, denied: [denial] };
  }
}

/** One list of a service with all kinds that depend on it. */
interface Attempt {
  readonly service: ServiceName;
  readonly operation: Operation;
  readonly global: boolean;
  readonly kinds: readonly string[];
}

async function tryLists(
  session: Session,
  region: string,
  parts: DiscoveryParts,
  resources: readonly Resource[],
): Promise<AccountReport["denied"]> {
  const { context, network, start } = parts;
  using home = new Connection(network, session, start.partition.home);
  using regional = new Connection(network, session, region);
  const denied = await pMap(attempts(resources), async ({ service, operation, global, kinds }) => {
    const input = compileInput(operation.input)({ raw: {}, key: undefined });
    try {
      await (global ? home : regional).send(service, operation.operation, input);
      return [];
    } catch (error) {
      context.signal.throwIfAborted();
      const fault = toScopeFault(error, `${service}:${operation.operation}`);
      return isDenied(error) ? [{ ...fault, kinds }] : [];
    }
  }, { concurrency: AT_ONCE });
  return merge(denied.flat());
}

function attempts(resources: readonly Resource[]): readonly Attempt[] {
  const alias = { service: "iam", global: true, kinds: [accountDeclaration.kind] } as const;
  const lists = resources.flatMap((resource) => {
    const { list, service, scope } = resource;
    return ("operation" in list ? [list] : list).map((operation) => ({
      service: operation.service ?? service,
      operation,
      global: scope === "global",
      kinds: kindsOf(resource),
    }));
  });
  return [...lists, { ...alias, operation: { operation: "ListAccountAliases" } }];
}

function kindsOf(declaration: NodeDeclaration): readonly string[] {
  return [declaration.kind, ...(declaration.children ?? []).flatMap(kindsOf)];
}

/** The same denial of several lists is one, with the kinds of all. */
function merge(
  denied: readonly (ScopeFault & { readonly kinds: readonly string[] })[],
): AccountReport["denied"] {
  const merged = new Map<string, ScopeFault & { readonly kinds: readonly string[] }>();
  for (const each of denied) {
    const key = `${each.call} ${each.permission ?? ""}`;
    const known = merged.get(key);
    merged.set(key, {
      ...each,
      count: each.count + (known?.count ?? 0),
      kinds: [...new Set([...known?.kinds ?? [], ...each.kinds])].sort(),
    });
  }
  return [...merged.values()];
}

/** A list of accounts that cannot be read is shown as an account of its own. */
function organisationProblem({ organisation }: Discovered): readonly AccountReport[] {
  if (typeof organisation === "string") return [];
  const { fault } = organisation;
  return [{ id: "organisation", regions: [], denied: [], problem: messageOf(fault) }];
}

function isDenied(error: unknown): boolean {
  return error instanceof CallFault && error.outcome === "denied";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
