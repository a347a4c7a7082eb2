import type { Assembler, Graph, GraphReport } from "../graph/mod.ts";
import { nodeNames, type RunWriter, type Store, type StoredEdge } from "../store/mod.ts";
import type { GraphSummary } from "./summary.ts";

/** How many broken cycles and duplicates the summary spells out. */
const SPELLED_OUT = 20;

/** What is joined to one graph. */
export interface AssembleInput {
  readonly store: Store;
  readonly writer: RunWriter;
  readonly assembler: Assembler;
  readonly clouds: readonly string[];
  /** Number of a repeated line → number of its node. */
  readonly shadows: ReadonlyMap<number, number>;
  /** Nodes given twice with different content, as text. */
  readonly duplicates: readonly string[];
}

/** Joins what this run sent with what the store kept to one graph and writes its edges. */
export function assembleGraph(input: AssembleInput): GraphSummary {
  const { store, writer, assembler, clouds } = input;
  const keys = new RowKeys(writer.keys(assembler.size), input.shadows);
  for (const node of writer.kept(clouds)) keys.keep(assembler.addKept(node), node.key);
  for (const { seq, references } of writer.keptReferences()) assembler.refer(seq, references);
  const graph = assembler.finish((seq) => seq === ROOT || keys.of(seq) !== 0);
  const { edges } = writer.writeEdges(clouds, storedEdges(graph, keys));
  return {
    nodes: graph.nodeCount - 1,
    edges,
    unresolved: total(graph.report.unresolved),
    ambiguous: total(graph.report.ambiguous),
    cycles: cyclePaths(store, graph.report, keys),
    duplicates: input.duplicates.slice(0, SPELLED_OUT),
    depth: graph.depths().reduce((deepest, depth) => Math.max(deepest, depth), 0),
  };
}

/** Number of the root, which is in the graph and not in the store. */
const ROOT = 0;

/** Row of the store by number in the assembler: those of this run, then those kept. */
class RowKeys {
  readonly #sent: Uint32Array;
  readonly #kept: number[] = [];

  constructor(sent: Uint32Array, shadows: ReadonlyMap<number, number>) {
    this.#sent = sent;
    for (const [shadow, seq] of shadows) sent[seq] ||= sent[shadow] ?? 0;
  }

  keep(seq: number, key: number): void {
    this.#kept[seq - this.#sent.length] = key;
  }

  /** 0 where there is no row. */
  of(seq: number): number {
    return (seq < this.#sent.length ? this.#sent[seq] : this.#kept[seq - this.#sent.length]) ?? 0;
  }
}

function* storedEdges(graph: Graph, keys: RowKeys): Iterable<StoredEdge> {
  for (const { from, to, type } of graph.edges()) {
    const fromKey = keys.of(from);
    const toKey = keys.of(to);
    if (fromKey !== 0 && toKey !== 0) yield { from: fromKey, to: toKey, type };
  }
}

function total(counts: ReadonlyMap<string, number>): number {
  return counts.values().reduce((sum, count) => sum + count, 0);
}

function cyclePaths(store: Store, report: GraphReport, keys: RowKeys): string[] {
  const shown = report.cycles.slice(0, SPELLED_OUT);
  const names = nodeNames(store, shown.flatMap(({ path }) => path.map((seq) => keys.of(seq))));
  return shown.map(({ path }) =>
    [...path, path[0] ?? ROOT].map((seq) => names.get(keys.of(seq)) ?? "?").join(" → ")
  );
}
