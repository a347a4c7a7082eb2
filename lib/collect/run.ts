import PQueue from "p-queue";
import { Assembler, createNodeIdentifier, type NodeIdentifier } from "../graph/mod.ts";
import {
  KindIndex,
  type Outcome,
  type ScopeFault,
  type ScopeKey,
  scopeText,
} from "../model/mod.ts";
import { type Guest, type GuestRequest, startGuest } from "../sandbox/mod.ts";
import {
  type AccountSource,
  adoptedAccounts,
  kindTotals,
  learnedBudgets,
  ledgerTotals,
  membersOf,
  openStore,
  recordCoverage,
  recordDue,
  rememberMembers,
  type RunWriter,
  type ScopeRecord,
  type ScopeStats,
  sensitiveKey,
  type Store,
} from "../store/mod.ts";
import { adoptForRun } from "./adoption/adopt_run.ts";
import { assembleGraph } from "./assemble.ts";
import { addCalls, costliestCalls } from "./calls.ts";
import { coverageOf } from "./coverage.ts";
import { checkDump, dumpRun } from "./dump.ts";
import { type CollectorEnd, runCollector } from "./guests.ts";
import { HostNodes, isHostScope } from "./host_nodes.ts";
import type { IntakeTargets } from "./intake.ts";
import { Ledger } from "./ledger.ts";
import { checkSources, cloudsOf, type CollectRequest } from "./request.ts";
import { keepWithin } from "./retention.ts";
import { runId } from "./run_id.ts";
import type { AdoptionSummary, CollectorSummary, GraphSummary, RunSummary } from "./summary.ts";
import { completeLists, concludeUnopened } from "./unopened.ts";
import { interruptedCode, verdict } from "./verdict.ts";

/** What a run takes from outside and a test may replace. */
export interface CollectPorts {
  readonly startGuest: (request: GuestRequest) => Promise<Guest>;
}

/**
 * One run of collection into the embedded store: guests → lines → scopes of the store → graph.
 * Interrupted, it keeps every scope that closed and what the store held of the others.
 * @throws StoreError when the store cannot be opened or written
 * @throws ConfigError when the dump that is asked for cannot be written, or a cloud has two sources
 */
export async function collectOnce(
  request: CollectRequest,
  ports: CollectPorts = { startGuest },
): Promise<RunSummary> {
  checkSources(request.plugins);
  const kinds = new KindIndex(request.kinds);
  if (request.dumpJson !== undefined) await checkDump(request.dumpJson);
  using store = await openStore({
    path: request.store.path,
    kinds: [...kinds.all()],
    mode: "write",
    now: request.now,
    ...(request.store.wait ? { wait: { signal: request.signal } } : {}),
  });
  const identify = await createNodeIdentifier();
  const assembler = new Assembler(kinds, identify, {
    ignoreReferences: request.ignoreDeferredConnections,
  });
  const run = new Run(request, ports, store, kinds, assembler, identify);
  const summary = await run.execute();
  if (request.dumpJson !== undefined) await dumpRun(store, kinds, run.clouds, request.dumpJson);
  if (!request.signal.aborted) keepWithin(store, request.store, request.now());
  return summary;
}

/** State of one run. */
class Run {
  readonly clouds: readonly string[];
  readonly #request: CollectRequest;
  readonly #ports: CollectPorts;
  readonly #store: Store;
  readonly #kinds: KindIndex;
  readonly #assembler: Assembler;
  readonly #identify: NodeIdentifier;
  readonly #started: Date;
  readonly #writer: RunWriter;
  readonly #hostNodes: HostNodes;
  readonly #ledger = new Ledger();
  readonly #opened = new Set<string>();
  readonly #duplicates: string[] = [];
  readonly #shadows = new Map<number, number>();

  constructor(
    request: CollectRequest,
    ports: CollectPorts,
    store: Store,
    kinds: KindIndex,
    assembler: Assembler,
    identify: NodeIdentifier,
  ) {
    this.#identify = identify;
    this.#request = request;
    this.#ports = ports;
    this.#store = store;
    this.#kinds = kinds;
    this.#assembler = assembler;
    this.#started = request.now();
    this.clouds = request.plugins.flatMap(cloudsOf);
    this.#writer = store.beginRun({
      id: runId(this.#started),
      startedAt: this.#started,
      collectors: request.plugins.map((plugin) => plugin.entry.manifest.name),
      clouds: this.clouds,
      version: request.version,
    });
    this.#hostNodes = new HostNodes(this.#writer, assembler);
  }

  async execute(): Promise<RunSummary> {
    const known = this.#writer.knownScopes(this.clouds);
    const resumed = this.#request.resume ? this.#takeOver() : [];
    const ends = await this.#collect(resumed);
    for (const end of ends) this.#conclude(end, known);
    const adoption = await this.#adopt(ends);
    const graph = assembleGraph({
      store: this.#store,
      writer: this.#writer,
      assembler: this.#assembler,
      clouds: this.clouds,
      shadows: this.#shadows,
      duplicates: this.#duplicates,
    });
    return this.#finish(ends, graph, adoption);
  }

  /** Takes over what an interrupted run closed, and returns those scopes. */
  #takeOver(): ScopeKey[] {
    const records = this.#writer.resumable().filter((record) => !isHostScope(record));
    for (const record of records) {
      this.#writer.resume(record);
      this.#opened.add(scopeText(record));
      this.#ledger.record(record, record.outcome, record.faults, record.stats.nodes);
    }
    // The key alone: a guest is told nothing else of a record.
    return records.map(({ cloud, account, region, resource }) => {
      return { cloud, account, region, resource };
    });
  }

  #collect(resumed: readonly ScopeKey[]): Promise<CollectorEnd[]> {
    const queue = new PQueue({ concurrency: this.#request.poolSize });
    const context = {
      request: this.#request,
      run: this.#writer.run,
      now: this.#started,
      targets: this.#targets(),
      budgets: learnedBudgets(this.#store),
      sensitiveKey: sensitiveKey(this.#store),
      resumed,
      place: <T>(task: () => Promise<T>) => queue.add(task),
      startGuest: this.#ports.startGuest,
    };
    return Promise.all(this.#request.plugins.map((plugin) => runCollector(plugin, context)));
  }

  #targets(): IntakeTargets {
    return {
      assembler: this.#assembler,
      writer: this.#writer,
      kinds: this.#kinds,
      redact: this.#request.redact,
      opened: this.#opened,
      opening: (scope) => this.#hostNodes.ensureCloud(scope.cloud),
      closed: (scope, outcome, faults, stats) => this.#closed(scope, outcome, faults, stats),
      shadowed: (shadow, seq) => void this.#shadows.set(shadow, seq),
      duplicate: (scope, kind, id) =>
        void this.#duplicates.push(`${kind} ${id} (${scope.account} ${scope.region})`),
    };
  }

  #closed(
    scope: ScopeKey,
    outcome: Outcome,
    faults: readonly ScopeFault[],
    stats: ScopeStats,
  ): void {
    this.#ledger.record(scope, outcome, faults, stats.nodes + stats.stale);
    this.#request.log.debug("collect.scope.closed", "Scope closed", {
      scope: scopeText(scope),
      outcome,
      ...stats,
    });
  }

  /** Names the accounts and records what is known from before and was not opened. */
  #conclude(end: CollectorEnd, known: readonly ScopeRecord[]): void {
    for (const report of end.coverage.accounts) {
      for (const { id, name } of report.accounts) {
        this.#ledger.name(report.cloud ?? "", id, name ?? id);
      }
    }
    const own = known.filter((scope) => end.clouds.includes(scope.cloud) && !isHostScope(scope));
    const members = (source: AccountSource) => membersOf(this.#store, source);
    const adopted = (cloud: string) => adoptedAccounts(this.#store, cloud);
    const unopened = concludeUnopened(own, this.#opened, end.coverage, members, adopted);
    for (const { scope, outcome, faults } of unopened) {
      const stats = this.#writer.mark(scope, outcome, faults);
      this.#ledger.record(scope, outcome, faults, stats.nodes + stats.stale);
    }
    for (const { named, ...source } of completeLists(end.coverage.accounts)) {
      rememberMembers(this.#store, source, named);
    }
  }

  /** Writes down how much was looked at, and takes over from the core what was not. */
  async #adopt(ends: readonly CollectorEnd[]): Promise<readonly AdoptionSummary[]> {
    const ledger = ledgerTotals(this.#store, this.#writer.run, this.clouds);
    const coverage = ends.flatMap((end) => coverageOf(end.coverage, ledger));
    recordCoverage(this.#store, this.#writer.run, coverage);
    const { core } = this.#request;
    if (core === undefined) return [];
    const adoption = await adoptForRun(core, {
      request: this.#request,
      store: this.#store,
      writer: this.#writer,
      kinds: this.#kinds,
      identify: this.#identify,
      clouds: this.clouds,
      coverage,
    });
    for (const { cloud, accounts = {} } of adoption) {
      for (const [account, nodes] of Object.entries(accounts)) {
        this.#ledger.addNodes(cloud, account, nodes);
      }
    }
    return adoption;
  }

  #finish(
    ends: readonly CollectorEnd[],
    graph: GraphSummary,
    adoption: readonly AdoptionSummary[],
  ): RunSummary {
    const finishedAt = this.#request.now();
    const calls = addCalls(ends.flatMap((end) => end.told.calls));
    const summary: RunSummary = {
      run: this.#writer.run,
      startedAt: this.#started.toISOString(),
      finishedAt: finishedAt.toISOString(),
      target: this.#request.store.path,
      collectors: [...ends.map((end) => end.summary), ...this.#notConfigured()],
      accounts: this.#ledger.summary(),
      kinds: kindTotals(this.#store, this.#writer.run, this.clouds),
      graph,
      calls: costliestCalls(calls),
      exitCode: this.#exitCode(ends),
      ...(adoption.length === 0 ? {} : { adoption }),
    };
    // An interrupted run is left open in the store, so that --resume finds what it closed.
    if (!this.#request.signal.aborted) {
      const budgets = ends.flatMap((end) => end.told.budgets);
      const { exitCode } = summary;
      this.#writer.finish({ finishedAt, exitCode, summary, calls, budgets });
      const { core } = this.#request;
      if (core !== undefined) recordDue(this.#store, core.target, this.clouds, this.#writer.run);
    }
    return summary;
  }

  #exitCode(ends: readonly CollectorEnd[]): number {
    if (this.#request.signal.aborted) return interruptedCode(this.#request.signal);
    return verdict(
      this.#ledger.outcomes,
      ends.map((end) => end.summary),
      this.#request.accept,
    );
  }

  #notConfigured(): CollectorSummary[] {
    return this.#request.notConfigured.map(({ name, reason }) => ({
      name,
      status: "not_configured",
      reason,
    }));
  }
}
