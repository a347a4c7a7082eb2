import { type Links, Outgoing } from "./links.ts";

/** Result of taking nodes without incoming links away, again and again. */
export interface Topology {
  /** Longest path from a node without incoming links, by node. */
  readonly depths: Uint32Array;
  /** Nodes that could not be reached in order: those on cycles and behind them. */
  readonly tangled: readonly number[];
}

/** Walks the links in topological order; linear in nodes and links, without recursion. */
export function topology(nodes: number, links: Links): Topology {
  const outgoing = new Outgoing(nodes, links);
  const waiting = incomingCounts(nodes, links);
  const depths = new Uint32Array(nodes);
  const order = new Uint32Array(nodes);
  let end = 0;
  for (let node = 0; node < nodes; node++) if (waiting[node] === 0) order[end++] = node;
  for (let position = 0; position < end; position++) {
    const node = order[position] ?? 0;
    for (let at = outgoing.start(node); at < outgoing.start(node + 1); at++) {
      const to = links.to[outgoing.link(at)] ?? 0;
      depths[to] = Math.max(depths[to] ?? 0, (depths[node] ?? 0) + 1);
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) order[end++] = to;
    }
  }
  const tangled = end === nodes ? [] : positions(waiting);
  return { depths, tangled };
}

function incomingCounts(nodes: number, links: Links): Uint32Array {
  const counts = new Uint32Array(nodes);
  for (let link = 0; link < links.length; link++) {
    if (links.left[link] !== 0) continue;
    const to = links.to[link] ?? 0;
    counts[to] = (counts[to] ?? 0) + 1;
  }
  return counts;
}

function positions(waiting: Uint32Array): number[] {
  const positions: number[] = [];
  for (let node = 0; node < waiting.length; node++) {
    if ((waiting[node] ?? 0) > 0) positions.push(node);
  }
  return positions;
}
