import type { GraphDatabase, StoredEdge, StoredNode } from "./database.ts";
import { edgeKey } from "./database.ts";
import type { CoreDialect } from "./dialect.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { Model } from "./model.ts";
import type { Query, Term, Walk } from "./query_text.ts";
import { refuse } from "./refusal.ts";
import { ancestors, renderEdge, renderNode } from "./render.ts";

/**
 * The records of an answer in the order of the core: the older one tells an edge right behind the
 * first of its nodes, the newer one behind both.
 * @throws Refusal 400 when a kind is unknown to the older core
 */
export function answerQuery(
  database: GraphDatabase,
  dialect: CoreDialect,
  model: Model,
  query: Query,
  now: number,
): readonly JsonObject[] {
  const found = findNodes(database, dialect, model, query.terms);
  const { nodes, edges } = query.walk === undefined
    ? { nodes: new Set(found.map(({ id }) => id)), edges: [] }
    : walked(database, found, query.walk);
  const records: JsonObject[] = [];
  const told = new Set<string>();
  const needed = dialect === "ckcore" ? 1 : 2;
  const byEnd = new Map<string, Set<StoredEdge>>();
  for (const edge of edges) {
    for (const end of [edge.from, edge.to]) {
      byEnd.set(end, (byEnd.get(end) ?? new Set()).add(edge));
    }
  }
  for (const id of nodes) {
    const node = database.nodes.get(id);
    if (node === undefined) continue;
    records.push(renderNode(database, dialect, model, node, now));
    told.add(id);
    for (const edge of byEnd.get(id) ?? []) {
      if ([edge.from, edge.to].filter((end) => told.has(end)).length < needed) continue;
      records.push(renderEdge(edge, dialect));
      for (const end of [edge.from, edge.to]) byEnd.get(end)?.delete(edge);
    }
  }
  return records;
}

/** Nodes for which all conditions hold. */
export function findNodes(
  database: GraphDatabase,
  dialect: CoreDialect,
  model: Model,
  terms: readonly Term[],
): readonly StoredNode[] {
  for (const kind of terms.flatMap((term) => term.type === "is" ? term.kinds : [])) {
    if (dialect === "ckcore" && model.get(kind) === undefined) {
      throw refuse("AttributeError", `Given kind does not exist: ${kind}`);
    }
  }
  return [...database.nodes.values()].filter((node) => {
    const document = {
      ...node,
      ancestors: ancestors(database, node),
    };
    return terms.every((term) => holds(term, node, document, model));
  });
}

function holds(term: Term, node: StoredNode, document: JsonObject, model: Model): boolean {
  switch (term.type) {
    case "all":
      return true;
    case "id":
      return node.id === term.id;
    case "is": {
      const kind = node.reported["kind"];
      return typeof kind === "string" &&
        term.kinds.some((each) => model.hierarchy(kind).has(each));
    }
    case "compare": {
      const value = term.path.reduce<unknown>(
        (of, name) => isObject(of) ? of[name] : undefined,
        document,
      ) ?? null;
      if (term.op === "in") {
        return value !== null && Array.isArray(term.value) &&
          term.value.some((each) => isEqual(value, each));
      }
      return isEqual(value, term.value) === (term.op === "==");
    }
  }
}

/** A text property takes numbers as text. */
function isEqual(value: unknown, wanted: unknown): boolean {
  return value === wanted ||
    (typeof value === "string" && typeof wanted === "number" && value === String(wanted));
}

/** Nodes in the order in which they are reached, and every edge that was used for it. */
function walked(database: GraphDatabase, start: readonly StoredNode[], walk: Walk) {
  const nodes = new Set<string>();
  const edges = new Map<string, StoredEdge>();
  const directions = [
    { types: walk.outbound, near: "from", far: "to" },
    { types: walk.inbound, near: "to", far: "from" },
  ] as const;
  for (const { types, near, far } of directions) {
    if (types.length === 0) continue;
    const next = Map.groupBy(
      [...database.edges.values()].filter(({ type }) => types.includes(type)),
      (edge) => edge[near],
    );
    let level: ReadonlySet<string> = new Set(start.map(({ id }) => id));
    const seen = new Set<string>();
    for (let step = 0; level.size > 0 && step <= walk.to; step++) {
      if (step >= walk.from) { for (const id of level) nodes.add(id); }
      for (const id of level) seen.add(id);
      const used = step === walk.to ? [] : [...level].flatMap((id) => next.get(id) ?? []);
      for (const edge of used) edges.set(edgeKey(edge), edge);
      level = new Set(used.map((edge) => edge[far]).filter((id) => !seen.has(id)));
    }
  }
  const reached = [...edges.values()].filter(({ from, to }) => nodes.has(from) || nodes.has(to));
  return { nodes, edges: reached };
}
