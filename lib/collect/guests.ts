import { CkError, SandboxError, StoreError, toWire, type WireError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { ScopeFault, ScopeKey } from "../model/mod.ts";
import type { Guest, GuestRequest } from "../sandbox/mod.ts";
import type { AccountReport, Budget, CallStats, RegionReport } from "../sdk/mod.ts";
import { fault, Intake, type IntakeTargets } from "./intake.ts";
import { cloudsOf, type CollectorRequest, type CollectRequest } from "./request.ts";
import type { CollectorSummary } from "./summary.ts";
import type { Coverage } from "./unopened.ts";

/** Milliseconds that a guest may take to start, to answer a heartbeat, and to stop by itself. */
const TIMEOUTS = { startMs: 60_000, heartbeatMs: 60_000, stopMs: 5_000 } as const;

/** What the guests of one collector told beside their lines. */
export interface Told {
  readonly accounts: AccountReport[];
  readonly regions: RegionReport[];
  readonly calls: CallStats[];
  readonly budgets: Budget[];
}

/** How one collector ended. */
export interface CollectorEnd {
  readonly summary: CollectorSummary;
  readonly clouds: readonly string[];
  readonly coverage: Coverage;
  readonly told: Told;
}

/** What every guest of a run is started with. */
export interface GuestContext {
  readonly request: CollectRequest;
  readonly run: string;
  readonly now: Date;
  readonly budgets: readonly Budget[];
  readonly sensitiveKey: string;
  /** Scopes that an interrupted run closed. */
  readonly resumed: readonly ScopeKey[];
}

/** What a run hands to each of its collectors. */
export interface CollectorContext extends GuestContext {
  readonly targets: IntakeTargets;
  /** Waits for a place among the guests of the run (`--pool-size`). */
  readonly place: <T>(task: () => Promise<T>) => Promise<T>;
  readonly startGuest: (request: GuestRequest) => Promise<Guest>;
}

/** Runs all guests of one collector; a guest that fails costs its open scopes and nothing else. */
export async function runCollector(
  collector: CollectorRequest,
  context: CollectorContext,
): Promise<CollectorEnd> {
  const told: Told = { accounts: [], regions: [], calls: [], budgets: [] };
  const count = guestCount(collector);
  const ends = await Promise.all(
    Array.from(
      { length: count },
      (_, index) => context.place(() => runGuest(collector, { index, of: count }, told, context)),
    ),
  );
  const errors = ends.filter((end) => end !== undefined);
  const cancelled = context.request.signal.aborted;
  return {
    summary: summarise(collector, errors, context.request),
    clouds: cloudsOf(collector),
    coverage: {
      accounts: told.accounts,
      regions: told.regions,
      broken: errors[0] === undefined ? undefined : {
        outcome: cancelled ? "cancelled" : "failed",
        fault: guestFault(collector, errors[0], context.request),
      },
    },
    told,
  };
}

/**
 * Runs one guest to its end and returns what broke it, if anything did.
 * @throws StoreError when the store cannot take its lines: no guest can go on then
 */
async function runGuest(
  collector: CollectorRequest,
  shard: { readonly index: number; readonly of: number },
  told: Told,
  context: CollectorContext,
): Promise<Error | undefined> {
  const intake = new Intake(collector, context.targets);
  const broken = await feed(collector, shard, told, context, intake);
  const lied = broken === undefined && intake.openScopes > 0
    ? new SandboxError("protocol", `Plugin "${nameOf(collector)}" ended with scopes open`, {
      context: { plugin: nameOf(collector) },
    })
    : broken;
  if (lied !== undefined) {
    const outcome = context.request.signal.aborted ? "cancelled" : "failed";
    intake.abandon(outcome, guestFault(collector, lied, context.request));
  }
  return lied;
}

async function feed(
  collector: CollectorRequest,
  shard: { readonly index: number; readonly of: number },
  told: Told,
  context: CollectorContext,
  intake: Intake,
): Promise<Error | undefined> {
  if (context.request.signal.aborted) return cancelled(collector);
  try {
    await using guest = await context.startGuest(guestRequest(collector, shard, told, context));
    const refused = await intake.consume(guest.lines).then(() => undefined, asError);
    if (refused instanceof StoreError) throw refused;
    if (refused !== undefined) await guest.stop("its lines cannot be understood");
    const end = await guest.ended;
    if (end.state !== "stopped") return refused ?? end.error;
    return refused ?? (context.request.signal.aborted ? cancelled(collector) : undefined);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return asError(error);
  }
}

/** The request that starts one guest of a collector; what it tells is added to `told`. */
export function guestRequest(
  collector: CollectorRequest,
  shard: { readonly index: number; readonly of: number },
  told: Told,
  context: GuestContext,
): GuestRequest {
  const { request } = context;
  const { entry, options } = collector;
  const cloud = entry.manifest.clouds[0] ?? entry.manifest.name;
  const log = request.log.with({ plugin: entry.manifest.name });
  const hear = listener(cloudsOf(collector), log);
  return {
    entry,
    options,
    permissions: entry.manifest.permissions(options, collector.seen),
    run: context.run,
    now: context.now,
    shard,
    budgets: ownBudgets(entry.manifest.name, context.budgets),
    ...(request.caCertificates === undefined ? {} : { caCertificates: request.caCertificates }),
    sensitive: { keep: request.keepSensitive, key: context.sensitiveKey },
    resumed: context.resumed,
    ...(collector.lent === undefined ? {} : { lent: collector.lent }),
    fork: request.fork,
    base: request.base,
    timeouts: { ...TIMEOUTS, runMs: request.timeoutSeconds * 1000 },
    allowHelpers: request.allowHelpers,
    log,
    signal: request.signal,
    on: {
      progress: (account, done, total, label) =>
        request.onProgress({ cloud, account, done, total, label, finished: done >= total }),
      accounts: (report) => hear(told.accounts, report),
      regions: (report) => hear(told.regions, report),
      stats: (calls) => told.calls.push(...calls),
      learned: (budgets) =>
        told.budgets.push(
          ...budgets.map((b) => ({ ...b, key: `${entry.manifest.name}:${b.key}` })),
        ),
    },
  };
}

/** Takes reports about the clouds that a guest speaks for; nobody listens to it about another. */
function listener(clouds: readonly string[], log: Logger) {
  const [own = ""] = clouds;
  return <Report extends { readonly cloud?: string }>(reports: Report[], report: Report): void => {
    const { cloud = own } = report;
    if (clouds.includes(cloud)) reports.push({ ...report, cloud });
    else log.error("guest.report.foreign", "A plugin told of a cloud that is not its own");
  };
}

/** Budgets are stored under the name of their plugin, so that no plugin sees another's. */
function ownBudgets(plugin: string, budgets: readonly Budget[]): Budget[] {
  const prefix = `${plugin}:`;
  return budgets.filter((budget) => budget.key.startsWith(prefix))
    .map((budget) => ({ ...budget, key: budget.key.slice(prefix.length) }));
}

function guestCount(collector: CollectorRequest): number {
  const cores = navigator.hardwareConcurrency;
  return Math.max(1, collector.entry.manifest.guests?.(collector.options, cores) ?? 1);
}

function summarise(
  collector: CollectorRequest,
  errors: readonly Error[],
  { signal, redact }: CollectRequest,
): CollectorSummary {
  const name = nameOf(collector);
  const reason = collector.entry.manifest.configured?.(collector.options, collector.seen).reason ??
    "";
  const error = errors[0];
  if (error === undefined) return { name, status: "collected", reason };
  const status = signal.aborted ? "cancelled" : "failed";
  return { name, status, reason, error: redacted(toWire(error), redact) };
}

function redacted(error: WireError, redact: CollectRequest["redact"]): WireError {
  const { hint, stack } = error;
  return {
    ...error,
    message: redact(error.message),
    ...(hint === undefined ? {} : { hint: redact(hint) }),
    ...(stack === undefined ? {} : { stack: redact(stack) }),
  };
}

function guestFault(
  collector: CollectorRequest,
  error: Error,
  { redact }: CollectRequest,
): ScopeFault {
  const found = fault(nameOf(collector), error);
  return { ...found, message: redact(found.message) };
}

function nameOf(collector: CollectorRequest): string {
  return collector.entry.manifest.name;
}

function cancelled(collector: CollectorRequest): CkError {
  return new CkError("run.cancelled", `Collection of "${nameOf(collector)}" was interrupted`);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
