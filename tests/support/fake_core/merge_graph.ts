import { type CoreDialect, DIALECT_FACTS } from "./dialect.ts";
import type { UploadedEdge, UploadedNode } from "./merge_line.ts";
import type { Model } from "./model.ts";

interface Graph {
  readonly nodes: ReadonlyMap<string, UploadedNode>;
  readonly edges: readonly UploadedEdge[];
  readonly replaced: readonly string[];
}

/** What is wrong with an upload as a graph. */
export interface GraphProblems {
  readonly refusals: readonly string[];
  readonly violations: readonly string[];
}

/** Checks what only the whole upload shows: ends, root, what is replaced, circles. */
export function graphProblems(graph: Graph, model: Model, dialect: CoreDialect): GraphProblems {
  const { nodes, edges, replaced } = graph;
  const lost = edges.filter(({ from, to }) => !nodes.has(from) || !nodes.has(to));
  if (lost.length > 0) {
    return {
      refusals: lost.map(({ from, to }) => `edge ${from} → ${to}: an end was not sent`),
      violations: [],
    };
  }
  const roots = rootsOf(graph, edges);
  const plain = edges.filter(({ type }) => type === DIALECT_FACTS[dialect].defaultEdge);
  const subGraphs = subGraphsOf(graph, plain);
  return {
    refusals: [
      ...(roots.length === 1 ? [] : [`there are ${roots.length} roots: ${shown(roots)}`]),
      ...(replaced.length > 0
        ? []
        : ["No replace nodes provided in the graph. Mark at least one node with replace=true!"]),
      ...sharedProblems(subGraphs),
      ...organizationProblems(graph, model, dialect),
    ],
    violations: [
      ...rootViolations(graph, plain),
      ...circleViolations(edges),
      ...strayViolations(graph, subGraphs),
    ],
  };
}

function rootsOf({ nodes }: Graph, edges: readonly UploadedEdge[]): readonly string[] {
  const children = new Set(edges.map(({ to }) => to));
  return [...nodes.keys()].filter((id) => !children.has(id));
}

/** Every node leads back to one `graph_root` by plain edges. */
function rootViolations(graph: Graph, plain: readonly UploadedEdge[]): readonly string[] {
  const roots = rootsOf(graph, plain);
  const kinds = roots.map((id) => graph.nodes.get(id)?.kind);
  return kinds.length === 1 && kinds[0] === "graph_root"
    ? []
    : [`the roots by plain edges are ${shown(roots)} (${shown(kinds)})`];
}

/** Replaced sub graphs share no node, so no edge leads from one to another, and none holds another. */
function sharedProblems(subGraphs: readonly SubGraph[]): readonly string[] {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const id of subGraphs.flatMap(({ below }) => [...below])) {
    if (seen.has(id)) shared.add(id);
    seen.add(id);
  }
  return shared.size === 0
    ? []
    : [`Nodes are referenced in more than one merge node: ${shown([...shared])}`];
}

/** What neither is replaced nor leads to what is replaced has no place in an upload. */
function strayViolations(graph: Graph, subGraphs: readonly SubGraph[]): readonly string[] {
  if (subGraphs.length === 0) return [];
  const kept = new Set(subGraphs.flatMap(({ above, below }) => [...above, ...below]));
  return [...graph.nodes.keys()].filter((id) => !kept.has(id))
    .map((id) => `node ${id}: belongs to nothing that is replaced`);
}

interface SubGraph {
  /** The replaced node. */
  readonly root: string;
  /** What leads to it by plain edges. */
  readonly above: ReadonlySet<string>;
  /** Itself and what can be reached from it by any edge, without going back up. */
  readonly below: ReadonlySet<string>;
}

function subGraphsOf(graph: Graph, plain: readonly UploadedEdge[]): readonly SubGraph[] {
  const down = adjacency(graph.edges);
  const up = adjacency(plain.map(({ from, to }) => ({ from: to, to: from })));
  return graph.replaced.map((root) => {
    const above = new Set(reach([root], up));
    above.delete(root);
    return { root, above, below: reach([root], down, (id) => !above.has(id)) };
  });
}

function organizationProblems(
  { nodes }: Graph,
  model: Model,
  dialect: CoreDialect,
): readonly string[] {
  if (dialect === "ckcore") return [];
  const all = [...nodes.values()].filter(({ kind }) =>
    model.hierarchy(kind).has("organizational_root")
  );
  return all.length > 1
    ? [`more than one organizational_root: ${shown(all.map((n) => n.id))}`]
    : [];
}

/** Plain edges form no circle, nor do those of clean-up; who may do what may turn in circles. */
function circleViolations(edges: readonly UploadedEdge[]): readonly string[] {
  return [...new Set(edges.map(({ type }) => type))].filter((type) => type !== "iam")
    .filter((type) => hasCircle(edges.filter((edge) => edge.type === type)))
    .map((type) => `edges of type ${type} form a circle`);
}

/** Takes nodes without incoming edges away until none is left; what remains turns in circles. */
function hasCircle(edges: readonly UploadedEdge[]): boolean {
  const down = adjacency(edges);
  const incoming = new Map<string, number>();
  for (const { to } of edges) incoming.set(to, (incoming.get(to) ?? 0) + 1);
  const free = [...down.keys()].filter((id) => !incoming.has(id));
  let taken = 0;
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    for (const to of down.get(id) ?? []) {
      taken++;
      const left = (incoming.get(to) ?? 0) - 1;
      incoming.set(to, left);
      if (left === 0) free.push(to);
    }
  }
  return taken < edges.length;
}

/** Targets by source. */
export function adjacency(
  edges: Iterable<{ readonly from: string; readonly to: string }>,
): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const targets = all.get(from);
    if (targets === undefined) all.set(from, [to]);
    else targets.push(to);
  }
  return all;
}

/** Everything that can be reached, the start with it, nearest first. */
export function reach(
  start: Iterable<string>,
  down: ReadonlyMap<string, readonly string[]>,
  enters: (id: string) => boolean = () => true,
): ReadonlySet<string> {
  const seen = new Set(start);
  // A set yields what is added while it is walked.
  for (const id of seen) {
    for (const to of down.get(id) ?? []) if (enters(to)) seen.add(to);
  }
  return seen;
}

function shown(texts: readonly (string | undefined)[]): string {
  return texts.slice(0, 5).join(", ") + (texts.length > 5 ? " …" : "");
}
