import { DynamicOrder } from "./dynamic_order.ts";
import { likelyOrder } from "./likely_order.ts";
import type { Links } from "./links.ts";
import { topology } from "./topology.ts";

/** An edge that was left out because the graph already leads from its end to its start. */
export interface Cycle {
  /**
   * Nodes along the cycle: the first leads to the second by the edge that was left out, and the last
   * leads to the first. At most {@link LONGEST_PATH} of them.
   */
  readonly path: readonly number[];
  /** Number of nodes on the cycle. */
  readonly length: number;
  /** The reference that declared the edge. */
  readonly reference: number;
}

/** Longest part of a cycle that is reported. */
export const LONGEST_PATH = 100;

/** What the result must not depend on the order of arrival for. */
export interface StableOrder {
  nodes(left: number, right: number): number;
  references(left: number, right: number): number;
}

/**
 * Leaves references out until the links among the tangled nodes form no cycle: default parents stay,
 * references are added in stable order, and one that would close a cycle is left out.
 * @param nodeCount all nodes are below
 * @param tangled nodes on cycles or behind them
 */
export function breakCycles(
  nodeCount: number,
  tangled: readonly number[],
  links: Links,
  stable: StableOrder,
): readonly Cycle[] {
  const before = new Set(topology(nodeCount, links.reversed()).tangled);
  const nodes = tangled.filter((node) => before.has(node)).sort(stable.nodes);
  const inner = inStableOrder(linksAmong(new Set(nodes), links), links, stable);
  return addOneByOne(nodes, inner, links);
}

/** Default parents first: they are there whatever is declared. */
function inStableOrder(inner: readonly number[], links: Links, stable: StableOrder): number[] {
  const parents = inner.filter((link) => links.isDefault(link));
  const declared = inner.filter((link) => !links.isDefault(link))
    .sort((left, right) =>
      stable.references(links.reference[left] ?? 0, links.reference[right] ?? 0)
    );
  return [...parents, ...declared];
}

function addOneByOne(
  nodes: readonly number[],
  inner: readonly number[],
  links: Links,
): readonly Cycle[] {
  const numbers = new Map(nodes.map((node, number) => [node, number]));
  const ends = (link: number): readonly [number, number] => [
    numbers.get(links.from[link] ?? 0) ?? 0,
    numbers.get(links.to[link] ?? 0) ?? 0,
  ];
  const outgoing: number[][] = nodes.map(() => []);
  for (const [from, to] of inner.map(ends)) outgoing[from]?.push(to);
  const order = new DynamicOrder(likelyOrder(outgoing));
  const seen = new Set<number>();
  const cycles: Cycle[] = [];
  for (const link of inner) {
    const [from, to] = ends(link);
    const repeated = seen.has(from * nodes.length + to);
    seen.add(from * nodes.length + to);
    const path = repeated ? undefined : order.add(from, to);
    if (!repeated && path === undefined) continue;
    links.left[link] = 1;
    if (path === undefined) continue;
    cycles.push(cycle(path.map((number) => nodes[number] ?? 0), links.reference[link] ?? 0));
  }
  return cycles;
}

function linksAmong(nodes: ReadonlySet<number>, links: Links): number[] {
  const among: number[] = [];
  for (let link = 0; link < links.length; link++) {
    if (links.left[link] !== 0) continue;
    if (nodes.has(links.from[link] ?? 0) && nodes.has(links.to[link] ?? 0)) among.push(link);
  }
  return among;
}

/** Turns the path from the end of the edge to its start around, so that it begins with the edge. */
function cycle(path: readonly number[], reference: number): Cycle {
  const start = path.slice(-1);
  return {
    path: [...start, ...path.slice(0, -1)].slice(0, LONGEST_PATH),
    length: path.length,
    reference,
  };
}
