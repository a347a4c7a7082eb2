import { type CoreClock, machineClock } from "./fake_core/clock.ts";
import type { ConfigParts } from "./fake_core/configs.ts";
import { CoreState, type SavedState } from "./fake_core/core_state.ts";
import type { GraphDatabase, StoredEdge, StoredNode } from "./fake_core/database.ts";
import { type DeferredCounts, mergeDeferredEdges } from "./fake_core/deferred.ts";
import { type CoreDialect, DIALECT_FACTS } from "./fake_core/dialect.ts";
import { type Fault, FaultPlan } from "./fake_core/faults.ts";
import { Front } from "./fake_core/front.ts";
import type { JsonObject } from "./fake_core/json.ts";
import { Observations, type SeenMessage, type SeenRequest } from "./fake_core/observations.ts";
import { CoreServer } from "./fake_core/server.ts";
import { storeTagResult, type TagChange, tagTask } from "./fake_core/tag_task.ts";
import { type TaskResult, WorkQueue } from "./fake_core/work_queue.ts";
import type { StepState } from "./fake_core/workflow.ts";

export { type CoreClock, machineClock, ManualClock } from "./fake_core/clock.ts";
export type { StoredEdge, StoredNode } from "./fake_core/database.ts";
export type { CoreDialect } from "./fake_core/dialect.ts";
export type { Fault, FaultMatch, MessageEffect, RequestEffect } from "./fake_core/faults.ts";
export { checkUpload, uploadProblems } from "./fake_core/merge_rules.ts";
export type { SeenMessage, SeenRequest } from "./fake_core/observations.ts";
export type { TagChange } from "./fake_core/tag_task.ts";
export type { StepAnswer, StepState } from "./fake_core/workflow.ts";

/** How long a test waits for something before it fails. */
const PATIENCE = 15_000;

/** Options of a fake core. */
export interface FakeCoreOptions {
  readonly dialect: CoreDialect;
  /** Turns authentication on. */
  readonly psk?: string;
  /** Serves https with a certificate of its own authority, for these names instead of loopback's. */
  readonly tls?: boolean | { readonly names: readonly string[] };
  /** What happens to a socket after each message of the client; a matter of the generation. */
  readonly closesAfterMessage?: boolean | "abrupt";
  readonly faults?: readonly Fault[];
  readonly clock?: CoreClock;
  /** Path before all paths, `/fix`. */
  readonly prefix?: string;
  /** A free one without it. */
  readonly port?: number;
  /** Seconds between the pings of the newer generation, 20. */
  readonly heartbeat?: number;
  /** What an earlier life of the core wrote down. */
  readonly saved?: SavedState;
  /** Called with each change that must survive; asks for it by {@link FakeCore.save}. */
  readonly onChange?: (core: FakeCore) => void;
}

/** A node after a tag task. */
export interface TagOutcome extends TaskResult {
  readonly node: string;
}

/** Starts a core on a loopback port. It refuses what a core of its generation would refuse. */
export async function startFakeCore(options: FakeCoreOptions): Promise<FakeCore> {
  const core = new FakeCore(options);
  await core.open();
  return core;
}

/** A running fake core; made by {@link startFakeCore}. */
export class FakeCore implements AsyncDisposable {
  readonly dialect: CoreDialect;
  readonly #options: FakeCoreOptions;
  readonly #observations = new Observations();
  readonly #faults: FaultPlan;
  readonly #state: CoreState;
  readonly #queue: WorkQueue;
  readonly #server: CoreServer;
  #front: Front | undefined;
  #port: number;
  #life = new AbortController();
  readonly #end = new AbortController();

  constructor(options: FakeCoreOptions) {
    this.#options = options;
    this.dialect = options.dialect;
    this.#port = options.port ?? 0;
    const clock = options.clock ?? machineClock;
    this.#faults = new FaultPlan(options.faults);
    this.#state = new CoreState(options.dialect, clock, this.#observations);
    if (options.saved !== undefined) this.#state.load(options.saved);
    this.#state.onChange = () => options.onChange?.(this);
    this.#queue = new WorkQueue(options.dialect, clock, this.#observations);
    this.#server = new CoreServer({
      dialect: options.dialect,
      state: this.#state,
      queue: this.#queue,
      observations: this.#observations,
      faults: this.#faults,
      psk: options.psk,
      prefix: options.prefix ?? "",
      heartbeat: options.dialect === "fixcore" ? options.heartbeat ?? 20 : 0,
      closesAfterMessage: closing(options),
      lifetime: () => this.#life.signal,
      connection: (port) => this.#front?.connection(port),
    });
  }

  get port(): number {
    return this.#port;
  }

  /** Address with its prefix and without a slash at its end. */
  get url(): string {
    return `${this.#options.tls ? "https" : "http"}://${this.#address}`;
  }

  get wsUrl(): string {
    return `${this.#options.tls ? "wss" : "ws"}://${this.#address}`;
  }

  get requests(): readonly SeenRequest[] {
    return this.#observations.requests;
  }

  get messages(): readonly SeenMessage[] {
    return this.#observations.messages;
  }

  /** What a worker must not do, also where a core lets it pass. Empty in a test of good behaviour. */
  get violations(): readonly string[] {
    return this.#observations.violations;
  }

  /** Answers and results that nobody waited for. */
  get late(): readonly string[] {
    return this.#observations.late;
  }

  /** Imports that failed behind a 204. */
  get importErrors(): readonly string[] {
    return this.#observations.importErrors;
  }

  /** Texts of queries that the fake cannot read; it answers 400 to them. */
  get unreadQueries(): readonly string[] {
    return this.#observations.unreadQueries;
  }

  /** How many requests a fault holds right now. */
  get held(): number {
    return this.#faults.held;
  }

  /** How many workers take tasks, and how many tasks they have. */
  get queue(): { readonly workers: number; readonly inFlight: number } {
    return { workers: this.#queue.workers, inFlight: this.#queue.inFlight };
  }

  /** Certificate of the core's authority, PEM. */
  async authority(): Promise<string> {
    return (await this.#state.authority()).ca;
  }

  isConnected(subscriber: string): boolean {
    return this.#state.subscribers.isConnected(subscriber);
  }

  subscriptions(): readonly JsonObject[] {
    return this.#state.subscribers.list();
  }

  /** The model that was told, kinds by name. */
  model(graph = this.#graphName): ReadonlyMap<string, unknown> {
    return new Map(this.#state.model(graph).told.map((kind) => [kind.fqn, kind]));
  }

  /** What lies in a graph now; empty before the graph is made. */
  graph(name = this.#graphName): {
    readonly nodes: ReadonlyMap<string, StoredNode>;
    readonly edges: readonly StoredEdge[];
  } {
    const graph = this.#state.graphs.get(name);
    return { nodes: graph?.nodes ?? new Map(), edges: [...graph?.edges.values() ?? []] };
  }

  /** Everything that would survive a restart. */
  save(): SavedState {
    return this.#state.save();
  }

  /**
   * Waits until something is seen.
   * @throws Error after 15 s, or the given time
   */
  async until(condition: () => boolean, patience = PATIENCE): Promise<void> {
    const over = new AbortController();
    const timer = setTimeout(
      () => over.abort(new Error(`not seen within ${patience} ms: ${condition}`)),
      patience,
    );
    try {
      await this.#observations.until(condition, over.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends one step to its subscribers; see {@link runWorkflow}. */
  async runStep(step: string, options: { readonly timeoutMs?: number } = {}): Promise<StepState> {
    const [state] = await this.runWorkflow([step], options);
    if (state === undefined) throw new Error(`step ${step} was forgotten`);
    return state;
  }

  /**
   * Sends steps to their subscribers, each after the one before has ended: when all have answered,
   * or its time is over (that of the subscriptions without `timeoutMs`).
   */
  async runWorkflow(
    steps: readonly string[],
    { timeoutMs }: { readonly timeoutMs?: number } = {},
  ): Promise<readonly StepState[]> {
    const task = this.#state.workflows.start(steps, timeoutMs);
    return await this.#state.workflows.run(task, this.#end.signal);
  }

  /** Begins steps without waiting for them. @returns id of their task */
  startWorkflow(steps: readonly string[], timeoutMs?: number): string {
    const task = this.#state.workflows.start(steps, timeoutMs);
    this.#background(task.id);
    return task.id;
  }

  /** Steps of a task so far. */
  steps(task: string): readonly StepState[] {
    return this.#state.workflows.tasks.get(task)?.done ?? [];
  }

  /** Goes on with the tasks of an earlier life. */
  resumeTasks(): void {
    for (const id of this.#state.workflows.tasks.keys()) this.#background(id);
  }

  /** Changes tags of nodes through the work queue, like the command line of a core. */
  async tag(
    nodes: readonly string[],
    change: TagChange,
    { concurrency = 100, graph = this.#graphName } = {},
  ): Promise<readonly TagOutcome[]> {
    const database = this.#state.graph(graph);
    const outcomes: TagOutcome[] = [];
    const next = nodes.entries();
    const work = async () => {
      for (const [at, id] of next) outcomes[at] = await this.#tagOne(database, id, change);
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return outcomes;
  }

  /** Makes the edges that tasks deferred. */
  mergeDeferredEdges(task: string, graph = this.#graphName): DeferredCounts {
    const unread = (text: string) => this.#observations.unreadQueries.push(text);
    const model = this.#state.model(graph);
    return mergeDeferredEdges(this.#state.graph(graph), model, [task], unread);
  }

  /** Changes a configuration and tells those who listen. */
  setConfig(id: string, config: JsonObject, parts?: ConfigParts): void {
    const { revision } = this.#state.configs.set(id, config, parts);
    this.#server.publish("config-updated", { id, revision });
    this.#state.onChange();
  }

  /** Replaces the fault plan: counts start again, what is held goes on. */
  setFaults(faults: readonly Fault[]): void {
    this.#faults.set(faults);
  }

  /** Lets requests go on that a fault holds. */
  release(): void {
    this.#faults.release();
  }

  /** Breaks every connection; the core lives on. */
  cut(): void {
    this.#front?.cutAll();
  }

  /** Dies like a killed process: connections break wherever they are, nothing listens any more. */
  async stop(): Promise<void> {
    this.#life.abort(new Error("the core is dead"));
    this.#server.kill();
    this.#queue.stop();
    await this.#front?.close();
    this.#front = undefined;
    this.#state.subscribers.restarted();
    this.#observations.changed();
  }

  /** Dies if it lives, and comes back on the same port, with its database or as a new one. */
  async restart({ forget = false } = {}): Promise<void> {
    await this.stop();
    if (forget) this.#state.forget();
    await this.open();
  }

  /** Begins to listen. */
  async open(): Promise<void> {
    const { tls } = this.#options;
    const names = typeof tls === "object" ? tls.names : undefined;
    const authority = tls ? await this.#state.authority(names) : undefined;
    this.#life = new AbortController();
    this.#front = new Front(this.#server.port, this.#port, authority);
    this.#port = this.#front.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state.onChange = () => {};
    await this.stop();
    this.#state.workflows.forget();
    this.#end.abort(new Error("the test is over"));
    await this.#server.close();
  }

  get #address(): string {
    return `127.0.0.1:${this.#port}${this.#options.prefix ?? ""}`;
  }

  get #graphName(): string {
    return this.dialect === "ckcore" ? "ck" : "fix";
  }

  #background(id: string): void {
    const task = this.#state.workflows.tasks.get(id);
    if (task === undefined) return;
    // Ends with the fake at the latest; its steps tell how it went.
    this.#state.workflows.run(task, this.#end.signal).catch(() => {});
  }

  async #tagOne(database: GraphDatabase, id: string, change: TagChange): Promise<TagOutcome> {
    const node = database.nodes.get(id);
    if (node === undefined) throw new Error(`no node ${id}`);
    const task = tagTask(database, this.dialect, node, change);
    const result = await this.#queue.submit(task, this.#end.signal);
    if (result.data === undefined) return { ...result, node: id };
    const model = this.#state.model(database.name);
    const problem = storeTagResult(database, this.dialect, model, node, result.data);
    if (problem === undefined) {
      this.#state.onChange();
      return { ...result, node: id };
    }
    this.#observations.violation(`tag ${id}: ${problem}`);
    return { ...result, node: id, result: "error", error: problem };
  }
}

function closing({ dialect, closesAfterMessage }: FakeCoreOptions): false | "close" | "abrupt" {
  const closes = closesAfterMessage ?? DIALECT_FACTS[dialect].closesAfterMessage;
  return closes === true ? "close" : closes;
}
