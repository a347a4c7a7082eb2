import {
  allEdgeRows,
  largestKey,
  positions,
  type RowPosition,
  type Store,
  type UploadEdgeRow,
} from "../../store/mod.ts";
import { Bits } from "./bits.ts";
import { type Container, type Membership, OUTSIDE, UNKNOWN } from "./membership.ts";

/** Figures of one replaced sub graph. */
export interface SubGraphFigures {
  /** Nodes below the replaced node, and that node. */
  nodes: number;
  /** Edges that stay within it, with those that are made for nodes without parent. */
  edges: number;
  /** A node declares itself the parent of a container. */
  entersContainer: boolean;
}

/** Everything that has to be known before a sub graph is told. */
export interface Survey {
  readonly figures: readonly SubGraphFigures[];
  /** Nodes that have a parent within their sub graph. */
  readonly hasParent: Bits;
  /** Edges that cross a border. */
  readonly crossing: number;
  /** Edges from within a sub graph to its replaced node, which hangs below another one. */
  readonly refused: number;
  /** The same by what they lead to that is not part of the upload: `cloud`, `account`, `region`. */
  readonly crossingTo: ReadonlyMap<string, number>;
}

/** What an edge is to an upload: inside of a sub graph, over a border, or none of its business. */
export type EdgeFate =
  | { readonly fate: "inside"; readonly subGraph: number }
  | { readonly fate: "refused"; readonly subGraph: number }
  | { readonly fate: "crossing"; readonly subGraph: number; readonly other: "from" | "to" | "none" }
  | { readonly fate: "outside" };

const OUT: EdgeFate = { fate: "outside" };

/**
 * Counts nodes and edges of the sub graphs and finds out who has a parent there.
 *
 * A core refuses an edge between two replaced sub graphs, one whose end is missing, and a second node
 * without incoming edge. So only edges inside of a sub graph are told as such; those that lead from a
 * node above to the replaced node are made anew; and a node whose parents all lie elsewhere hangs
 * below the container of its place.
 */
export function survey(store: Store, membership: Membership, scopes: readonly number[]): Survey {
  const figures = membership.subGraphs.map((): SubGraphFigures => {
    return { nodes: 0, edges: 0, entersContainer: false };
  });
  const hasParent = new Bits(largestKey(store));
  const crossingTo = new Map<string, number>();
  let crossing = 0;
  let refused = 0;
  for (const edge of allEdgeRows(store)) {
    const found = judgeEdge(membership, edge);
    if (found.fate === "outside") continue;
    const figure = figures[found.subGraph];
    if (figure === undefined) continue;
    if (found.fate === "inside") {
      figure.edges++;
      if (edge.type === 0) hasParent.set(edge.toKey);
      if (entersContainer(membership, edge)) figure.entersContainer = true;
      continue;
    }
    if (found.fate === "refused") {
      refused++;
      continue;
    }
    crossing++;
    const place = otherPlace(membership, edge, found.other);
    if (place !== undefined) crossingTo.set(place, (crossingTo.get(place) ?? 0) + 1);
  }
  countNodes(store, membership, scopes, figures, hasParent);
  return { figures, hasParent, crossing, refused, crossingTo };
}

/** Decides about one edge. */
export function judgeEdge(membership: Membership, edge: UploadEdgeRow): EdgeFate {
  const from = membership.of(edge.fromKey, edge.fromKind, edge.fromPlace, edge.fromScope);
  const to = membership.of(edge.toKey, edge.toKind, edge.toPlace, edge.toScope);
  if (from === UNKNOWN || to === UNKNOWN || (from === OUTSIDE && to === OUTSIDE)) return OUT;
  const toTop = to >= 0 && isTop(membership, to, edge.toKey);
  if (from === to) {
    // The replaced node has the one parent that is made for it.
    return { fate: toTop && edge.type === 0 ? "refused" : "inside", subGraph: from };
  }
  const isAbove = from === OUTSIDE && membership.layout.containers.has(edge.fromKey);
  if (toTop && isAbove && edge.type === 0) return OUT;
  if (to < 0) return { fate: "crossing", subGraph: from, other: "to" };
  return { fate: "crossing", subGraph: to, other: from < 0 ? "from" : "none" };
}

/** The node below which a node without parent is hung. */
export function madeParent(
  membership: Membership,
  figure: SubGraphFigures | undefined,
  subGraph: number,
  { key, place, scope }: RowPosition,
): Container | undefined {
  const shape = membership.subGraphs[subGraph];
  const top = shape === undefined ? undefined : membership.layout.top(shape);
  // Below a container that hangs below such a node itself, there would be a cycle.
  const isSimple = figure?.entersContainer !== true && !membership.layout.containers.has(key);
  const near = isSimple ? membership.defaultParent(place, scope) : undefined;
  return near !== undefined && liesIn(membership, near, subGraph) ? near : top;
}

export function isTop(membership: Membership, subGraph: number, key: number): boolean {
  const shape = membership.subGraphs[subGraph];
  return shape !== undefined && membership.layout.top(shape)?.key === key;
}

function liesIn(membership: Membership, container: Container, subGraph: number): boolean {
  const shape = membership.subGraphs[subGraph];
  if (shape === undefined || shape.cloud !== container.cloud) return false;
  if (shape.level === "cloud") return true;
  if (shape.account !== container.account || container.level === "cloud") return false;
  return shape.level === "account" || shape.region === container.region;
}

function entersContainer({ layout }: Membership, edge: UploadEdgeRow): boolean {
  return edge.type === 0 && layout.containers.has(edge.toKey) &&
    !layout.containers.has(edge.fromKey);
}

function otherPlace(
  { layout }: Membership,
  edge: UploadEdgeRow,
  other: "from" | "to" | "none",
): string | undefined {
  if (other === "none") return undefined;
  const [place, scope] = other === "from"
    ? [edge.fromPlace, edge.fromScope]
    : [edge.toPlace, edge.toScope];
  const { cloud = "", account = "" } = layout.numbering.places.get(place) ?? {};
  return placeText(cloud, account, layout.numbering.scopes.get(scope)?.region ?? "");
}

/** Text under which {@link Survey.crossingTo} counts. */
export function placeText(cloud: string, account = "", region = ""): string {
  return JSON.stringify([cloud, account, region]);
}

function countNodes(
  store: Store,
  membership: Membership,
  scopes: readonly number[],
  figures: readonly SubGraphFigures[],
  hasParent: Bits,
): void {
  for (const { key, kind, place, scope } of positions(store, scopes)) {
    const subGraph = membership.of(key, kind, place, scope);
    const figure = figures[subGraph];
    if (figure === undefined) continue;
    figure.nodes++;
    if (!isTop(membership, subGraph, key) && !hasParent.has(key)) figure.edges++;
  }
}
