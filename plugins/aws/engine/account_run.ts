import {
  type CollectContext,
  outcomeOf,
  ScopeFaults,
  type ScopeResult,
  toScopeFault,
} from "ckworker";
import type { AccountEntry } from "../discovery/accounts.ts";
import {
  account as accountDeclaration,
  ENGINE_CALLS,
  region as regionDeclaration,
} from "./base.ts";
import { type Caller, isCode } from "./caller.ts";
import { Connection } from "../client/connection.ts";
import type { Session } from "../client/session.ts";
import type { CompiledNode, CompiledResource } from "./compile.ts";
import { forEach } from "./for_each.ts";
import { collectResource, type RegionRun } from "./listing.ts";
import type { RunNetwork } from "../discovery/network.ts";
import type { AwsOptions } from "../options.ts";
import { isOptInRegion } from "../discovery/partitions.ts";
import { type Regions, sortRegions } from "../discovery/regions.ts";
import type { Place } from "../resource.ts";
import type { Selection } from "./selection.ts";
import type { Start } from "../discovery/sessions.ts";
import { ListingTools, type Once } from "./tools.ts";

/** Name of the region node for what has no region. */
export const GLOBAL_REGION = "global";

/** What all accounts of a run share. */
export interface RunParts {
  readonly context: CollectContext<AwsOptions>;
  readonly network: RunNetwork;
  readonly caller: Caller;
  readonly start: Pick<Start, "partition" | "region">;
  readonly selection: Selection;
  readonly resources: readonly CompiledResource[];
  readonly account: CompiledNode;
  readonly region: CompiledNode;
  readonly guestOnce: Once;
}

/** Collects one account: its node, then all regions. What fails costs its own scopes. */
export async function collectAccount(
  entry: AccountEntry,
  session: Session,
  parts: RunParts,
): Promise<void> {
  const run = new AccountRun(entry, session, parts);
  try {
    await run.collect();
  } finally {
    parts.context.stats(parts.network.log.take());
    parts.context.learned(parts.network.budgets.release(entry.id));
  }
}

/** One region, or the services without region. */
interface RegionTask {
  readonly id: string;
  readonly name: string;
  readonly resources: readonly CompiledResource[];
}

class AccountRun {
  readonly #entry: AccountEntry;
  readonly #session: Session;
  readonly #parts: RunParts;
  #done = 0;
  #total = 1;

  constructor(entry: AccountEntry, session: Session, parts: RunParts) {
    this.#entry = entry;
    this.#session = session;
    this.#parts = parts;
  }

  async collect(): Promise<void> {
    const { context, start: { partition } } = this.#parts;
    this.#progress("credentials");
    try {
      await this.#session.credentials();
    } catch (error) {
      context.signal.throwIfAborted();
      return await this.#outOfReach(error);
    }
    using home = this.#connect(partition.home);
    const [regions] = await Promise.all([this.#regions(), this.#accountNode(home)]);
    const tasks = this.#tasks(regions);
    this.#total = 1 + tasks.reduce((sum, { resources }) => sum + resources.length, 0);
    this.#advance("account");
    const { region_pool_size: concurrency } = context.options;
    await forEach(tasks, (task) => this.#collectRegion(task), concurrency);
  }

  /** Without credentials nothing of the account can be looked at; all of it is kept. */
  async #outOfReach(error: unknown): Promise<void> {
    const { context } = this.#parts;
    const account = { account: this.#entry.id, resource: accountDeclaration.kind };
    // What an interrupted run closed stays closed, so it is the regions that are not known.
    const regions = { account: this.#entry.id, resource: regionDeclaration.kind };
    const writer = await context.open(context.resumed(account) ? regions : account);
    await writer.close({
      outcome: outcomeOf(error),
      faults: [toScopeFault(error, "sts:AssumeRole")],
    });
    this.#done = this.#total;
    this.#progress("no access");
  }

  async #accountNode(home: Connection): Promise<void> {
    const { context, account } = this.#parts;
    const scope = { account: this.#entry.id, resource: accountDeclaration.kind };
    if (context.resumed(scope)) return;
    const writer = await context.open(scope);
    const faults = new ScopeFaults();
    const tools = this.#tools(home, faults);
    const raw = { Id: this.#entry.id, Role: this.#session.role };
    const [enriched] = await account.enricher.enrich([{ raw, key: raw }], {
      service: "iam",
      tools,
      call: (operation, service, input) => this.#parts.caller.call(home, operation, service, input),
      isCode,
      lost: (error) => faults.lost(error, "iam:ListAccountAliases"),
      unread: (error) => faults.unread(error, "iam:ListAccountAliases"),
    });
    context.signal.throwIfAborted();
    const node = enriched === undefined
      ? undefined
      : account.mapper.map(enriched.subject, tools.place, enriched.unknown);
    if (node !== undefined) await writer.node(node);
    await writer.close(faults.result());
  }

  /** The given regions, or those that the account has enabled. */
  async #regions(): Promise<Regions> {
    const { context, caller, start } = this.#parts;
    const { region } = context.options;
    if (region.length > 0) return { collect: [...new Set(region)], notEnabled: [] };
    const { regions } = ENGINE_CALLS;
    using connection = this.#connect(start.region);
    try {
      const answer = await caller.call(connection, regions, regions.service, { AllRegions: true });
      const found = sortRegions(Array.isArray(answer) ? answer : []);
      context.regions({ account: this.#entry.id, notEnabled: found.notEnabled });
      return found;
    } catch (error) {
      context.signal.throwIfAborted();
      return await this.#withoutList(error);
    }
  }

  /** Regions that every account has; what lies in others is kept. */
  async #withoutList(error: unknown): Promise<Regions> {
    const { context, start: { partition } } = this.#parts;
    const scope = { account: this.#entry.id, resource: regionDeclaration.kind };
    const result: ScopeResult = {
      outcome: outcomeOf(error),
      faults: [toScopeFault(error, "ec2:DescribeRegions")],
    };
    const writer = await context.open(scope);
    await writer.close(result);
    context.log(
      "warn",
      "aws.regions.unknown",
      `the regions of ${this.#entry.id} cannot be listed; those enabled in every account are collected`,
      { account: this.#entry.id },
    );
    return { collect: partition.regions, notEnabled: [] };
  }

  #tasks(regions: Regions): readonly RegionTask[] {
    const { resources, selection, start: { partition } } = this.#parts;
    const wanted = resources.filter(({ declaration }) => selection.wants(declaration.collector));
    const of = (scope: "global" | "region") =>
      wanted.filter(({ declaration }) => declaration.scope === scope);
    const regional = of("region");
    return [
      { id: partition.home, name: GLOBAL_REGION, resources: of("global") },
      ...regions.collect.map((name) => ({ id: name, name, resources: regional })),
    ];
  }

  async #collectRegion({ id, name, resources }: RegionTask): Promise<void> {
    const { context, caller, selection, guestOnce } = this.#parts;
    using connection = this.#connect(id);
    const elsewhere = new Map<string, Connection>();
    const run: RegionRun = {
      context,
      place: this.#place(id, name),
      caller,
      connection,
      selection,
      elsewhere: (region) => {
        const known = elsewhere.get(region) ?? this.#connect(region);
        elsewhere.set(region, known);
        return known;
      },
      regionOnce: new Map(),
      guestOnce,
      outOfReach: undefined,
    };
    try {
      await this.#regionNode(run.place);
      const collect = async (resource: CompiledResource) => {
        await collectResource(resource, run);
        this.#advance(`${name} ${resource.declaration.collector}`);
      };
      // Whether the account has enabled the region is not known: the first listing finds out.
      const alone = this.#isUnsure(id) ? resources.slice(0, 1) : [];
      await forEach(alone, collect);
      await forEach(resources.slice(alone.length), collect);
    } finally {
      for (const each of elsewhere.values()) each[Symbol.dispose]();
    }
  }

  #isUnsure(region: string): boolean {
    return this.#parts.context.options.region.length > 0 && isOptInRegion(region);
  }

  async #regionNode(place: Place): Promise<void> {
    const { context, region } = this.#parts;
    const scope = {
      account: place.account,
      region: { id: place.region, name: place.regionName },
      resource: regionDeclaration.kind,
    };
    if (context.resumed(scope)) return;
    const writer = await context.open(scope);
    const raw = { Id: place.region, Name: place.regionName };
    const node = region.mapper.map({ raw, key: raw }, place);
    if (node !== undefined) await writer.node(node);
    await writer.close();
  }

  #connect(region: string): Connection {
    return new Connection(this.#parts.network, this.#session, region);
  }

  #place(region: string, regionName: string): Place {
    const { context, start: { partition } } = this.#parts;
    return {
      account: this.#entry.id,
      region,
      regionName,
      partition: partition.name,
      now: context.now,
    };
  }

  #tools(connection: Connection, faults: ScopeFaults): ListingTools {
    const { context, caller, selection, guestOnce, start: { partition } } = this.#parts;
    return new ListingTools({
      place: this.#place(partition.home, GLOBAL_REGION),
      signal: context.signal,
      service: "iam",
      caller,
      connection,
      elsewhere: () => connection,
      regionOnce: new Map(),
      guestOnce,
      wants: (part) => selection.wants(part),
      fault: (error) => faults.unread(error, "iam:GetAccountSummary"),
    });
  }

  #advance(label: string): void {
    this.#done++;
    this.#progress(label);
  }

  #progress(label: string): void {
    const { context } = this.#parts;
    context.progress(this.#entry.id, Math.min(this.#done, this.#total), this.#total, label);
  }
}
