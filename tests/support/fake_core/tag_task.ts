import { type GraphDatabase, type StoredNode } from "./database.ts";
import type { CoreDialect } from "./dialect.ts";
import { deepMerge, isObject, type JsonObject } from "./json.ts";
import type { Model } from "./model.ts";
import { LEVELS } from "./refs.ts";
import { ancestors } from "./render.ts";
import { checkReported } from "./values.ts";
import type { QueueTask } from "./work_queue.ts";

/** Milliseconds that a tag task may wait and then take. */
const LIMIT = 30_000;

/** A change of tags; a core sends one sort of change at a time. */
export type TagChange =
  | { readonly update: Readonly<Record<string, string | null>> }
  | { readonly delete: readonly string[] };

/** The task that changes the tags of a node. */
export function tagTask(
  database: GraphDatabase,
  dialect: CoreDialect,
  node: StoredNode,
  change: TagChange,
): QueueTask {
  const places = LEVELS.flatMap((level) => {
    const id = database.nodes.get(node.refs[level] ?? "")?.reported["id"];
    return typeof id === "string" ? [[level, id] as const] : [];
  });
  return {
    name: "tag",
    attrs: Object.fromEntries(places),
    data: {
      ...change,
      node: dialect === "ckcore" ? merged(database, node) : plain(database, node),
    },
    limit: LIMIT,
  };
}

/**
 * Stores the node that a worker sent back: the older core merges it into what it has, so that a
 * removed tag stays; the newer one replaces the node.
 * @returns what is wrong with the node
 */
export function storeTagResult(
  database: GraphDatabase,
  dialect: CoreDialect,
  model: Model,
  node: StoredNode,
  data: JsonObject,
): string | undefined {
  const { id, reported, desired, metadata } = data;
  if (id !== node.id) return `the result is node ${String(id)}, not ${node.id}`;
  if (!isObject(reported) || typeof reported["kind"] !== "string") return "the result is no node";
  const checked = checkReported(model, reported["kind"], reported);
  const [problem] = checked.problems;
  if (problem !== undefined) return problem;
  const fresh = {
    reported: isObject(checked.value) ? checked.value : reported,
    ...(isObject(metadata) ? { metadata } : {}),
    ...(isObject(desired) ? { desired } : {}),
  };
  const old = database.nodes.get(node.id) ?? node;
  const { refs, hash, revision, sent, usage } = old;
  const kept = {
    id: node.id,
    refs,
    hash,
    revision,
    ...(sent ? { sent } : {}),
    ...(usage ? { usage } : {}),
  };
  if (dialect === "fixcore") {
    database.put({ ...kept, ...fresh });
    return undefined;
  }
  const sections = Object.entries(fresh).map(([name, value]) => [
    name,
    deepMerge(sectionOf(old, name), value),
  ]);
  database.put({ ...old, ...Object.fromEntries(sections) });
  return undefined;
}

function sectionOf(node: StoredNode, name: string): JsonObject {
  if (name === "reported") return node.reported;
  return (name === "desired" ? node.desired : node.metadata) ?? {};
}

/** The older core puts what the node lies in into its sections. */
function merged(database: GraphDatabase, node: StoredNode): JsonObject {
  const around = LEVELS.map((level) => {
    const id = node.refs[level];
    return [level, id === node.id ? undefined : database.nodes.get(id ?? "")] as const;
  });
  const merge = (name: "reported" | "metadata") =>
    Object.fromEntries(around.map(([level, each]) => [level, each?.[name] ?? null]));
  return {
    id: node.id,
    type: "node",
    revision: node.revision,
    reported: { ...node.reported, ...merge("reported") },
    ...(node.desired ? { desired: node.desired } : {}),
    metadata: { ...node.metadata, ...merge("metadata") },
  };
}

function plain(database: GraphDatabase, node: StoredNode): JsonObject {
  return {
    id: node.id,
    type: "node",
    revision: node.revision,
    reported: node.reported,
    ...(node.desired ? { desired: node.desired } : {}),
    ...(node.metadata ? { metadata: node.metadata } : {}),
    ancestors: ancestors(database, node),
  };
}
