import { z } from "zod";
import { type Authority, makeAuthority } from "./authority.ts";
import type { CoreClock } from "./clock.ts";
import { Configs } from "./configs.ts";
import { GraphDatabase, type SavedGraph } from "./database.ts";
import type { CoreDialect } from "./dialect.ts";
import { Model, type ModelKind } from "./model.ts";
import type { Observations } from "./observations.ts";
import { refuse, unknownGraph } from "./refusal.ts";
import { Subscribers, type Subscription } from "./subscribers.ts";
import { type TaskState, Workflows } from "./workflow.ts";

/** What a core writes down and knows again after a restart. */
export interface SavedState {
  readonly graphs: readonly SavedGraph[];
  readonly models: readonly (readonly [string, readonly ModelKind[]])[];
  readonly configs: ReturnType<Configs["toJSON"]>;
  readonly subscribers: readonly (readonly [string, readonly Subscription[]])[];
  readonly tasks: readonly TaskState[];
  readonly violations: readonly string[];
  readonly authority?: Authority;
}

/** The database of a core: graphs, models, subscriptions, tasks, configurations. */
export class CoreState {
  readonly dialect: CoreDialect;
  readonly clock: CoreClock;
  readonly observations: Observations;
  readonly graphs = new Map<string, GraphDatabase>();
  readonly configs = new Configs();
  readonly subscribers: Subscribers;
  readonly workflows: Workflows;
  /** Called after each change that must survive. */
  onChange: () => void = () => {};
  /** By graph; the older core has one for all, under the empty name. */
  readonly #models = new Map<string, Model>();
  #authority: Promise<Authority> | undefined;
  #madeAuthority: Authority | undefined;

  constructor(dialect: CoreDialect, clock: CoreClock, observations: Observations) {
    this.dialect = dialect;
    this.clock = clock;
    this.observations = observations;
    this.subscribers = new Subscribers(clock);
    this.workflows = new Workflows(
      dialect,
      clock,
      this.subscribers,
      observations,
      () => this.onChange(),
    );
  }

  /** @throws Refusal 404 */
  graph(name: string): GraphDatabase {
    const graph = this.graphs.get(name);
    if (graph === undefined) throw unknownGraph(name);
    return graph;
  }

  /** @throws Refusal 400 for a name that no graph may have */
  createGraph(name: string): GraphDatabase {
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) {
      throw refuse("AttributeError", `Graph name ${name} is not allowed`);
    }
    const graph = this.graphs.get(name) ?? new GraphDatabase(name, this.dialect);
    this.graphs.set(name, graph);
    this.onChange();
    return graph;
  }

  model(graph: string): Model {
    return this.#models.get(this.#modelKey(graph)) ?? new Model();
  }

  setModel(graph: string, model: Model): void {
    this.#models.set(this.#modelKey(graph), model);
    this.onChange();
  }

  /** The authority of this core, made when it is first asked for. */
  authority(names?: readonly string[]): Promise<Authority> {
    this.#authority ??= makeAuthority(names).then((made) => {
      this.#madeAuthority = made;
      this.onChange();
      return made;
    });
    return this.#authority;
  }

  /** Loses everything but its authority. */
  forget(): void {
    this.graphs.clear();
    this.#models.clear();
    this.configs.clear();
    this.workflows.forget();
    this.subscribers.forget();
    this.onChange();
  }

  save(): SavedState {
    return {
      graphs: [...this.graphs.values()].map((graph) => graph.save()),
      models: [...this.#models].map(([name, model]) => [name, model.told]),
      configs: this.configs.toJSON(),
      subscribers: this.subscribers.toJSON(),
      tasks: [...this.workflows.tasks.values()],
      violations: this.observations.violations,
      ...(this.#madeAuthority === undefined ? {} : { authority: this.#madeAuthority }),
    };
  }

  load(saved: SavedState): void {
    for (const { name, nodes, edges, deferred, revision } of saved.graphs) {
      const graph = new GraphDatabase(name, this.dialect);
      graph.load({ nodes, edges, deferred, revision });
      this.graphs.set(name, graph);
    }
    for (const [name, kinds] of saved.models) this.#models.set(name, new Model(kinds));
    this.configs.load(saved.configs);
    this.subscribers.load(saved.subscribers);
    for (const task of saved.tasks) this.workflows.tasks.set(task.id, task);
    this.observations.violations.push(...saved.violations);
    this.#madeAuthority = saved.authority;
    if (saved.authority !== undefined) this.#authority = Promise.resolve(saved.authority);
  }

  #modelKey(graph: string): string {
    return this.dialect === "ckcore" ? "" : graph;
  }
}

/** Reads what {@link CoreState.save} wrote; it is trusted beyond its outline. */
export function parseState(text: string): SavedState {
  return savedState.parse(JSON.parse(text));
}

const savedState = z.custom<SavedState>((value) =>
  typeof value === "object" && value !== null && "graphs" in value && "tasks" in value
);
