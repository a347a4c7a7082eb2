import type { GraphDatabase, StoredEdge, StoredNode } from "./database.ts";
import { edgeKey } from "./database.ts";
import type { CoreDialect } from "./dialect.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { Model } from "./model.ts";
import type { Aggregation, Query, Term, Walk } from "./query_text.ts";
import { compare } from "./compare.ts";
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
  const found = findNodes(database, dialect, model, query.term, now);
  const ids = new Set(found.map(({ id }) => id));
  const { nodes: reached, edges } = query.walk === undefined
    ? { nodes: ids, edges: [] }
    : walked(database, found, query.walk);
  // Tagged nodes come first, and once.
  const nodes = query.tag === undefined ? reached : ids.union(reached);
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
    const record = renderNode(database, dialect, model, node, now);
    const isTagged = query.tag !== undefined && ids.has(id);
    const metadata = { ...node.metadata, query_tag: query.tag };
    records.push(isTagged ? { ...record, metadata } : record);
    told.add(id);
    for (const edge of byEnd.get(id) ?? []) {
      if ([edge.from, edge.to].filter((end) => told.has(end)).length < needed) continue;
      records.push(renderEdge(edge, dialect));
      for (const end of [edge.from, edge.to]) byEnd.get(end)?.delete(edge);
    }
  }
  return records;
}

/** How many nodes there are of each combination of values. */
export function answerAggregation(
  database: GraphDatabase,
  dialect: CoreDialect,
  model: Model,
  { groups, counts, term }: Aggregation,
  now: number,
): readonly JsonObject[] {
  const found = findNodes(database, dialect, model, term, now).map((node) => {
    const document = { ...node, ancestors: ancestors(database, node) };
    return Object.fromEntries(groups.map(({ name, path }) => [name, valueAt(document, path)]));
  });
  return [...Map.groupBy(found, (group) => JSON.stringify(group)).values()].map((all) => ({
    group: all[0] ?? {},
    ...Object.fromEntries(counts.map((name) => [name, all.length])),
  }));
}

/** Nodes for which the condition holds. */
export function findNodes(
  database: GraphDatabase,
  dialect: CoreDialect,
  model: Model,
  term: Term,
  now: number,
): readonly StoredNode[] {
  for (const kind of kindsIn(term)) {
    if (dialect === "ckcore" && model.get(kind) === undefined) {
      throw refuse("AttributeError", `Given kind does not exist: ${kind}`);
    }
  }
  return [...database.nodes.values()].filter((node) =>
    holds(term, { ...node, ancestors: ancestors(database, node) }, { model, dialect, now })
  );
}

function kindsIn(term: Term): readonly string[] {
  if (term.type === "is") return term.kinds;
  if (term.type === "not") return kindsIn(term.of);
  return "left" in term ? [...kindsIn(term.left), ...kindsIn(term.right)] : [];
}

interface Context {
  readonly model: Model;
  readonly dialect: CoreDialect;
  readonly now: number;
}

function holds(
  term: Term,
  document: JsonObject & Pick<StoredNode, "id" | "reported">,
  context: Context,
): boolean {
  switch (term.type) {
    case "all":
      return true;
    case "id":
      return document.id === term.id;
    case "is": {
      const kind = document.reported["kind"];
      return typeof kind === "string" &&
        term.kinds.some((each) => context.model.hierarchy(kind).has(each));
    }
    case "has_key": {
      const value = valueAt(document, term.path);
      return isObject(value) && term.keys.every((key) => Object.hasOwn(value, key));
    }
    case "not":
      return !holds(term.of, document, context);
    case "and":
      return holds(term.left, document, context) && holds(term.right, document, context);
    case "or":
      return holds(term.left, document, context) || holds(term.right, document, context);
    case "compare":
      return compare(term, (path) => valueAt(document, path), context);
  }
}

function valueAt(document: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (of, name) => isObject(of) ? of[name] : undefined,
    document,
  ) ?? null;
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
