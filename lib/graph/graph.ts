import { leaveOutRepeated, type Links } from "./links.ts";
import { encodeNodeId } from "./node_id.ts";
import type { NodeTable } from "./node_table.ts";
import type { Cycle } from "./break_cycles.ts";

/** One edge between two nodes, given by their numbers. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly type: "dependency" | "delete";
}

/** What happened to the references; the keys are `kind.property` as declared. */
export interface GraphReport {
  /** References that found no node. */
  readonly unresolved: ReadonlyMap<string, number>;
  /** References that found several nodes at the nearest level: no edge was made. */
  readonly ambiguous: ReadonlyMap<string, number>;
  /** References of a node to itself: no edge was made. */
  readonly selfReferences: ReadonlyMap<string, number>;
  /** The first edges that were left out because they would close a cycle. */
  readonly cycles: readonly CycleReport[];
  /** How many edges were left out for that reason. */
  readonly cycleCount: number;
}

/** A cycle that was broken: numbers of its nodes, and how the edge left out was declared. */
export type CycleReport = Omit<Cycle, "reference"> & {
  /** `kind.property` of the reference. */
  readonly target: string;
  readonly type: GraphEdge["type"];
};

/** Columns that a {@link Graph} reads. */
export interface GraphColumns {
  readonly nodes: NodeTable;
  /** 1 for each node that is part of the graph. */
  readonly alive: Uint8Array;
  readonly dependencies: Links;
  readonly deletes: Links;
  readonly depths: Uint32Array;
  readonly report: GraphReport;
}

/**
 * The finished graph: nodes are numbers, in order of arrival and with gaps where lines were
 * discarded. Its dependency edges form no cycle, and all nodes but the root have an incoming one;
 * neither do its delete edges form a cycle.
 */
export class Graph {
  readonly report: GraphReport;
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly #columns: GraphColumns;

  constructor(columns: GraphColumns) {
    const { alive, dependencies, deletes } = columns;
    this.#columns = columns;
    this.report = columns.report;
    this.nodeCount = alive.reduce((count, each) => count + each, 0);
    this.edgeCount = leaveOutRepeated(alive.length, dependencies) +
      leaveOutRepeated(alive.length, deletes);
  }

  /** Whether a number stands for a node of the graph. */
  has(seq: number): boolean {
    return this.#columns.alive[seq] === 1;
  }

  /** Core's id of a node. */
  nodeId(seq: number): string {
    return encodeNodeId(this.#columns.nodes.digests, seq * 16);
  }

  /** Number of edges on the longest dependency path from the root, by number of the node. */
  depths(): Uint32Array {
    return this.#columns.depths;
  }

  /** Every edge once: dependencies first. */
  *edges(): Iterable<GraphEdge> {
    yield* edgesOf(this.#columns.dependencies, "dependency");
    yield* edgesOf(this.#columns.deletes, "delete");
  }
}

function* edgesOf(links: Links, type: GraphEdge["type"]): Iterable<GraphEdge> {
  for (let link = 0; link < links.length; link++) {
    if (links.left[link] !== 0) continue;
    yield { from: links.from[link] ?? 0, to: links.to[link] ?? 0, type };
  }
}
