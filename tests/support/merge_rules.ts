import type {
  UploadEdge,
  UploadNode,
  UploadPart,
  UploadRecord,
  UploadTraits,
} from "../../lib/core/mod.ts";

/** What a core would refuse in one merge, or what its figures get wrong; written anew from the rules. */
export function mergeProblems(
  part: UploadPart,
  records: readonly UploadRecord[],
  traits: UploadTraits,
): string[] {
  const nodes = records.flatMap((record) => record.type === "node" ? [record.node] : []);
  const all = records.flatMap((record) => record.type === "edge" ? [record.edge] : []);
  const edges = all.filter(({ deferred }) => deferred !== true);
  const ids = new Set(nodes.map(({ nodeId }) => nodeId));
  const replaced = nodes.filter(({ replace }) => replace);
  const check = (isBroken: boolean, text: string) => isBroken ? [`${part.name}: ${text}`] : [];
  return [
    ...check(records.slice(0, nodes.length).some(({ type }) => type === "edge"), "early edge"),
    ...check(all.slice(0, edges.length).some((edge) => edge.deferred), "early deferred edge"),
    ...check(part.nodes !== nodes.length, `${nodes.length} nodes, not ${part.nodes}`),
    ...check(part.edges !== edges.length, `${edges.length} edges, not ${part.edges}`),
    ...check(ids.size !== nodes.length, "an id comes twice"),
    ...check(new Set(edges.map((e) => JSON.stringify(e))).size !== edges.length, "edge twice"),
    ...check(edges.some(({ from, to }) => !ids.has(from) || !ids.has(to)), "an end is missing"),
    ...check(traits.crossingEdges === "drop" && all.length > edges.length, "deferred edge"),
    ...check(traits.merges === "per_sub_graph" && replaced.length !== 1, "several replaced"),
    ...check(replaced.length === 0, "nothing replaced"),
    ...rootProblems(nodes, edges).flatMap((text) => check(true, text)),
    ...borderProblems(nodes, edges, replaced).flatMap((text) => check(true, text)),
  ];
}

function rootProblems(nodes: readonly UploadNode[], edges: readonly UploadEdge[]): string[] {
  const children = new Set(edges.map(({ to }) => to));
  const roots = nodes.filter(({ nodeId }) => !children.has(nodeId));
  if (roots.length !== 1 || roots[0]?.kind !== "graph_root") {
    return [`roots: ${roots.map(({ kind, id }) => `${kind} ${id}`).join()}`];
  }
  const dependencies = edges.filter(({ type }) => type === "dependency");
  const reached = reachFrom(roots[0].nodeId, dependencies, new Set());
  const lost = nodes.filter(({ nodeId }) => !reached.has(nodeId));
  return [
    ...lost.map(({ kind, id }) => `${kind} ${id} does not hang below the root`),
    ...(["dependency", "delete"].filter((type) => hasCycle(edges.filter((e) => e.type === type)))
      .map((type) => `${type} edges form a cycle`)),
  ];
}

/** Every node is above a replaced one, or in exactly one of what they replace. */
function borderProblems(
  nodes: readonly UploadNode[],
  edges: readonly UploadEdge[],
  replaced: readonly UploadNode[],
): string[] {
  const backwards = edges.map(({ from, to, type }) => ({ from: to, to: from, type }));
  const above = new Set<string>();
  for (const { nodeId } of replaced) {
    for (const id of reachFrom(nodeId, backwards, new Set())) if (id !== nodeId) above.add(id);
  }
  const seen = new Map<string, number>();
  for (const { nodeId } of replaced) {
    for (const id of reachFrom(nodeId, edges, above)) seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  return nodes.flatMap(({ nodeId, kind, id, replace }) => {
    const count = seen.get(nodeId) ?? 0;
    if (count === 1 && !above.has(nodeId)) return [];
    if (count === 0 && above.has(nodeId) && !replace) return [];
    return [`${kind} ${id} lies in ${count} replaced sub graphs`];
  });
}

function reachFrom(
  start: string,
  edges: readonly UploadEdge[],
  border: ReadonlySet<string>,
): Set<string> {
  const seen = new Set([start]);
  for (const id of seen) {
    for (const { from, to } of edges) if (from === id && !border.has(to)) seen.add(to);
  }
  return seen;
}

function hasCycle(edges: readonly UploadEdge[]): boolean {
  let rest = edges;
  for (;;) {
    const children = new Set(rest.map(({ to }) => to));
    const next = rest.filter(({ from }) => children.has(from));
    if (next.length === rest.length) return rest.length > 0;
    rest = next;
  }
}
