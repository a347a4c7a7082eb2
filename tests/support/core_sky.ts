import {
  type CollectCore,
  collectOnce,
  knownGraph,
  type NodeIdentity,
  type ReplaceLimit,
  type RunSummary,
  uploadRun,
  type UploadSummary,
} from "../../lib/collect/mod.ts";
import { createNodeIdentifier } from "../../lib/graph/mod.ts";
import type { Outcome } from "../../lib/model/mod.ts";
import type { CollectContext, CollectFilter, PluginEntry } from "../../lib/sdk/mod.ts";
import { collectRequest } from "./collect_request.ts";
import { fakeEntry, fakeGuests } from "./fake_guest.ts";
import type { ModelCore } from "./model_core.ts";
import { silentLogger } from "./silent_logger.ts";

export const ACCOUNTS = ["1", "2", "3"] as const;
/** Two regions share an id, as the region of what has none does with a real one. */
export const REGIONS = [
  { id: "r1", name: "r1" },
  { id: "r2", name: "r2" },
  { id: "r1", name: "global" },
] as const;
/** Kinds that are listed; tags are found with disks. */
export const KINDS = ["sky_disk", "sky_net"] as const;
export const TARGET = { uri: "http://core:8900", graph: "ck" } as const;

const SKY = fakeEntry("sky", [...KINDS, "sky_tag"]);
export const ENTRY: PluginEntry = {
  ...SKY,
  model: {
    kinds: SKY.model.kinds.map((kind) =>
      kind.name === "sky_tag" ? { ...kind, listing: "sky_disk" } : kind
    ),
  },
};

/** A scope of the sky. */
export interface SkyScope {
  readonly account: string;
  /** Region name. */
  readonly region: string;
  readonly kind: string;
}

export const SCOPES: readonly SkyScope[] = ACCOUNTS.flatMap((account) => [
  { account, region: "", kind: "sky_account" },
  ...REGIONS.flatMap(({ name }) =>
    ["sky_region", ...KINDS].map((kind) => ({ account, region: name, kind }))
  ),
]);

export function scopeName({ account, region, kind }: SkyScope): string {
  return `${account}/${region}/${kind}`;
}

/** Ids and values by scope; of listed kinds only. */
export type World = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What goes wrong in a scope: it ends like this after so many of its nodes. */
export interface Fault {
  readonly outcome: Outcome;
  readonly listed: number;
}

/** One run of a collector of the sky. */
export interface SkyPlan {
  readonly world: World;
  readonly listed: readonly string[];
  readonly complete: boolean;
  readonly skipped: readonly string[];
  readonly filters: readonly CollectFilter[];
  readonly regions: readonly string[];
  readonly kinds: readonly string[];
  /** Regions that are not enabled, in every account. */
  readonly closed: readonly string[];
  readonly faults: ReadonlyMap<string, Fault>;
  /** The guest dies after so many scopes. */
  readonly crashAfter: number | undefined;
}

/** Scopes that a plan opens, in their order, before it crashes. */
export function openedBy(plan: SkyPlan): readonly SkyScope[] {
  return SCOPES.filter(({ account, region, kind }) =>
    plan.listed.includes(account) &&
    (region === "" || plan.regions.includes(region) && !plan.closed.includes(region)) &&
    (!KINDS.some((each) => each === kind) || plan.kinds.includes(kind))
  ).slice(0, plan.crashAfter);
}

/** What a scope holds, its tags too: `kind id=value`. */
export function contentOf(world: World, scope: SkyScope): readonly SkyNode[] {
  const { account, region, kind } = scope;
  if (kind === "sky_account") return [{ kind, id: account, name: account, value: undefined }];
  if (kind === "sky_region") {
    const id = REGIONS.find(({ name }) => name === region)?.id ?? "";
    return [{ kind, id, name: region, value: undefined }];
  }
  return [...world.get(scopeName(scope)) ?? []].flatMap(([plain, value]) => {
    const id = [plain, account, region].join("-");
    const node = { kind, id, name: id, value };
    return kind === "sky_disk" ? [node, { ...node, kind: "sky_tag" }] : [node];
  });
}

export interface SkyNode {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly value: number | undefined;
}

async function guest(plan: SkyPlan, context: CollectContext<unknown>): Promise<void> {
  context.accounts({
    complete: plan.complete,
    accounts: plan.listed.map((id) => ({ id })),
    skipped: plan.skipped.map((id) => ({ id, reason: "suspended" })),
    unfiltered: plan.filters.length === 0,
    filters: plan.filters,
  });
  for (const account of plan.listed) context.regions({ account, notEnabled: plan.closed });
  const { crashAfter, ...whole } = plan;
  for (const scope of openedBy({ ...whole, crashAfter: undefined }).slice(0, crashAfter)) {
    await collectScope(plan, scope, context);
  }
  if (crashAfter !== undefined) throw new Error("the guest died");
}

async function collectScope(
  plan: SkyPlan,
  scope: SkyScope,
  context: CollectContext<unknown>,
): Promise<void> {
  const region = REGIONS.find(({ name }) => name === scope.region);
  const writer = await context.open({
    account: scope.account,
    ...(region === undefined ? {} : { region }),
    resource: scope.kind,
  });
  const fault = plan.faults.get(scopeName(scope));
  for (const { kind, id, name, value } of contentOf(plan.world, scope).slice(0, fault?.listed)) {
    await writer.node({
      kind,
      id,
      name,
      reported: value === undefined ? {} : { value },
      orphan: kind === "sky_tag" || id.startsWith("b"),
      edges: edgesOf(kind, id),
    });
  }
  await writer.close({ outcome: fault?.outcome ?? "complete", faults: [] });
}

/** Tags hang below their disk, a disk `b` below the net `b` of its region, others below one far away. */
function edgesOf(kind: string, id: string) {
  const from = (
    kind: string,
    value: string,
  ) => ({ direction: "from", kind, by: "id", value } as const);
  if (kind === "sky_tag") return [from("sky_disk", id)];
  if (kind !== "sky_disk") return [];
  const nets = [from("sky_net", id.startsWith("b") ? id : "a-1-r1")];
  return [
    ...nets,
    ...nets.map((edge) => ({ ...edge, direction: "to" as const, type: "delete" as const })),
  ];
}

let minutes = 0;

/** A clock by which no two runs begin at the same time. */
function nextMinute(): Date {
  return new Date(Date.UTC(2026, 0, 1) + 60_000 * minutes++);
}

/** Collects into a store, reading from a core what it has to. */
export function collectSky(
  path: string,
  plan: SkyPlan,
  core: ModelCore | undefined,
  replace: ReplaceLimit,
  signal = new AbortController().signal,
): Promise<RunSummary> {
  const at: CollectCore | undefined = core === undefined ? undefined : {
    target: TARGET,
    replace,
    known: (cloud, signal) => knownGraph(core, cloud, signal),
  };
  const request = collectRequest([ENTRY], path, {
    signal,
    now: nextMinute,
    ...(at === undefined ? {} : { core: at }),
  });
  const startGuest = fakeGuests({ sky: (context) => guest(plan, context) });
  return collectOnce(request, { startGuest });
}

const IDENTIFIER = await createNodeIdentifier();

/** Ids without the name, but for regions. */
export function identifySky({ kind, cloud, account, region, zone, id, name }: NodeIdentity) {
  const twin = kind === "sky_region" ? name : "";
  return IDENTIFIER.id([kind, cloud, account, region, zone, id, twin]);
}

/** Hands a run over. */
export function uploadSky(
  path: string,
  run: string,
  core: ModelCore,
  replace: ReplaceLimit,
): Promise<UploadSummary> {
  return uploadRun({
    store: { path, kinds: ENTRY.model.kinds },
    target: TARGET,
    run,
    clouds: ["sky"],
    replace,
    identify: identifySky,
    log: silentLogger,
    now: () => new Date("2026-01-01T00:00:00Z"),
    signal: new AbortController().signal,
  }, core);
}
