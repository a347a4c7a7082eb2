import { canonical } from "./json.ts";
import type { GraphDatabase } from "./database.ts";
import { edgeKey } from "./database.ts";
import type { DeferredEdge, EdgeSelector } from "./merge_line.ts";
import type { Model } from "./model.ts";
import { findNodes } from "./query_answer.ts";
import { readQuery } from "./query_text.ts";

/** What became of deferred edges, under the names that the core answers. */
export interface DeferredCounts {
  readonly processed: number;
  readonly updated: number;
  readonly deleted: number;
}

/**
 * Makes edges of the selectors that tasks brought. A selector that finds none or several leaves its
 * edge out; edges of earlier tasks that are not made again are deleted.
 * @param unread told the criteria that cannot be read
 */
export function mergeDeferredEdges(
  database: GraphDatabase,
  model: Model,
  tasks: readonly string[],
  unread: (criteria: string) => void,
): DeferredCounts {
  const wanted = tasks.flatMap((task) => database.deferred.get(task) ?? []);
  const find = (selector: EdgeSelector): string | undefined => {
    if ("node" in selector) return database.nodes.has(selector.node) ? selector.node : undefined;
    const query = readQuery(selector.criteria, "fixcore");
    if (query === undefined || query.walk !== undefined) {
      unread(selector.criteria);
      return undefined;
    }
    const found = findNodes(database, "fixcore", model, query.term, 0);
    return found.length === 1 ? found[0]?.id : undefined;
  };
  const made = wanted.flatMap(({ from, to, type, reported }) => {
    const [source, target] = [find(from), find(to)];
    if (source === undefined || target === undefined) return [];
    const edge = { from: source, to: target, type, deferred: true };
    return [reported === undefined ? edge : { ...edge, reported }];
  });
  const kept = new Set(made.map(edgeKey));
  const outdated = [...database.edges].filter(([key, { deferred }]) => deferred && !kept.has(key));
  for (const [key] of outdated) database.edges.delete(key);
  const changes = made.map((edge) => database.putEdge(edge));
  for (const task of tasks) database.deferred.delete(task);
  return {
    processed: wanted.length,
    updated: changes.filter((each) => each !== "same").length,
    deleted: outdated.length,
  };
}

/** Keeps the edges that an upload deferred, once each, until the task's edges are made. */
export function keepDeferred(
  database: GraphDatabase,
  task: string,
  edges: readonly DeferredEdge[],
): void {
  const all = [...database.deferred.get(task) ?? [], ...edges];
  const once = new Map(all.map((edge) => [canonical(edge), edge]));
  database.deferred.set(task, [...once.values()]);
}
