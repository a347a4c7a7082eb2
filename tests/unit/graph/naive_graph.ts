import type { ArrivingNode } from "../../../lib/graph/mod.ts";
import type { Reference } from "../../../lib/model/mod.ts";

/** Edges by `from>to` with the ids of the nodes; what the assembler must find without cycles. */
export interface NaiveResult {
  readonly edges: ReadonlySet<string>;
  readonly unresolved: number;
  readonly ambiguous: number;
}

type Parts = readonly string[];

/** Resolves references by walking over all nodes for each, as slowly and plainly as possible. */
export function naiveGraph(nodes: readonly ArrivingNode[]): NaiveResult {
  const edges = new Set<string>();
  let unresolved = 0;
  let ambiguous = 0;
  for (const node of nodes) {
    for (const [direction, kind, by, value] of node.extras.e ?? []) {
      const hits = nearest(node, nodes.filter((other) => isTarget(other, kind, by, value)));
      const [hit] = hits;
      if (hits.length > 1) ambiguous++;
      else if (hit === undefined) unresolved++;
      else if (hit !== node && direction === "from") edges.add(`${hit.id}>${node.id}`);
      else if (hit !== node) edges.add(`${node.id}>${hit.id}`);
    }
  }
  for (const node of nodes) {
    const parent = defaultParent(node, nodes);
    const adopted = [...edges].some((edge) => edge.endsWith(`>${node.id}`));
    if (parent !== undefined && !(node.extras.o === 1 && adopted)) {
      edges.add(`${parent.id}>${node.id}`);
    }
  }
  return { edges, unresolved, ambiguous };
}

/** A reference in the form of a line. */
export function reference(
  direction: Reference["direction"],
  kind: string,
  by: string,
  value: string,
): readonly string[] {
  return [direction, kind, by, value];
}

function isTarget(node: ArrivingNode, kind?: string, by?: string, value?: string): boolean {
  return node.kind === kind && (by === "id" ? node.id : node.extras.t?.[by ?? ""]) === value;
}

function nearest(from: ArrivingNode, hits: readonly ArrivingNode[]): readonly ArrivingNode[] {
  const levels: readonly ((node: ArrivingNode) => Parts)[] = [
    (node) => [node.cloud, node.account, node.regionName],
    (node) => [node.cloud, node.account],
    (node) => [node.cloud],
    () => [],
  ];
  for (const level of levels) {
    const near = hits.filter((hit) => level(hit).join("/") === level(from).join("/"));
    if (near.length > 0) return near;
  }
  return [];
}

function defaultParent(
  node: ArrivingNode,
  nodes: readonly ArrivingNode[],
): ArrivingNode | undefined {
  if (node.kind === "graph_root") return undefined;
  const find = (kind: string, same: (other: ArrivingNode) => boolean) =>
    nodes.find((other) => other.kind === kind && other.cloud === node.cloud && same(other));
  const region = () =>
    find("t_region", (other) => other.account === node.account && other.name === node.regionName);
  const account = () => find("t_account", (other) => other.id === node.account);
  const root = nodes.find((other) => other.kind === "graph_root");
  if (node.kind === "cloud") return root;
  const cloud = find("cloud", () => true) ?? root;
  if (node.kind === "t_account") return cloud;
  if (node.kind === "t_region") return account() ?? cloud;
  return region() ?? account() ?? cloud;
}
