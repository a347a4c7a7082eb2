import assert from "node:assert/strict";
import type { RunSummary } from "../../../lib/collect/mod.ts";
import { FAST_SAAS } from "../counterparts/counterpart.ts";
import {
  collectorOf,
  type Held,
  makePluginStore,
  type PluginStore,
} from "../counterparts/plugin_store.ts";
import { type GraphServer, startGraphServer } from "./graph_server.ts";
import { changeGraph, type GraphLine, graphText } from "./graph_text.ts";

/** An export of the example cloud, and its lines. */
export const GRAPH = await graphText();
export const LINES = GRAPH.trimEnd().split("\n");

/** A store that graphs are read into, by guests whose time goes faster. */
export function makeStore(check = true): Promise<PluginStore> {
  return makePluginStore(FAST_SAAS, check);
}

/** Reads endpoints into a store; the cloud is `example` by default. */
export function collect(
  store: PluginStore,
  endpoint: string | readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<RunSummary> {
  const options = { endpoint: [endpoint].flat(), cloud: ["example"], ...more };
  return store.collect([collectorOf("remote", { options })]);
}

/** Why the collector failed, in one line. */
export function failureOf({ collectors }: RunSummary): string {
  const { error } = collectors[0] ?? {};
  return error === undefined ? "" : `${error.message} ${error.hint ?? ""}`;
}

/** What is there no more. */
export function missing(before: readonly string[], after: readonly string[]): readonly string[] {
  return before.filter((each) => !after.includes(each));
}

/** Changes the first node of a kind. */
export function change(kind: string, next: (node: GraphLine) => object | string) {
  let done = false;
  return changeGraph(GRAPH, (record) => {
    if (done || record.kind !== kind) return record;
    done = true;
    return next(record);
  });
}
/** Changes the first instance. */
export const instance = (next: (node: GraphLine) => object | string) =>
  change("example_instance", next);

/** `node_id` of a node. */
export function idOf(id: string): string {
  return LINES.map((line): GraphLine => JSON.parse(line)).find((node) => node.id === id)?.node_id ??
    "";
}

/** A line of an edge. */
export function edge(from: string, to: string): string {
  return JSON.stringify({ type: "edge", from, to, edge_type: "dependency" });
}

/** Whether a line is an edge to a node. */
export function isEdgeTo(record: GraphLine, id: string): boolean {
  return record.type === "edge" && record.to === idOf(id);
}

/** A server and a store that has its good graph, to see what spoilt ones cost: nothing. */
export class Spoiling implements AsyncDisposable {
  readonly #server: GraphServer;
  readonly #store: PluginStore;
  readonly before: Held;

  private constructor(server: GraphServer, store: PluginStore) {
    this.#server = server;
    this.#store = store;
    this.before = store.read();
  }

  static async start(): Promise<Spoiling> {
    const server = startGraphServer(GRAPH);
    const store = await makeStore();
    const { exitCode, accounts } = await collect(store, server.graph);
    assert.equal(exitCode, 0, JSON.stringify(accounts));
    return new Spoiling(server, store);
  }

  /** A run of which nothing may be lost. */
  async run(spoil: (server: GraphServer) => void) {
    this.#server.text = GRAPH;
    this.#server.setRules([]);
    spoil(this.#server);
    const summary = await collect(this.#store, this.#server.graph);
    const after = this.#store.read();
    assert.deepEqual(missing(this.before.nodes, after.nodes), [], "nodes are gone");
    assert.deepEqual(missing(this.before.edges, after.edges), [], "edges are gone");
    for (const [node, values] of this.before.reported) {
      assert.deepEqual(after.reported.get(node), values, `${node} has lost values`);
    }
    return { summary, after };
  }

  /** Nothing is left of what was spoilt. */
  async end(): Promise<void> {
    const { summary, after } = await this.run(() => {});
    assert.equal(summary.exitCode, 0);
    const { nodes, edges } = this.before;
    assert.deepEqual([after.nodes, after.edges, after.stale], [nodes, edges, []]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#store[Symbol.asyncDispose]();
  }
}
