import {
  allEdges,
  allNodes,
  type NodeFilter,
  type ReadEdge,
  type ReadNode,
} from "../read_graph.ts";
import type { Store } from "../store.ts";

/** The graph in the language of Graphviz. */
export function dotOf(store: Store, filter: NodeFilter): Generator<string> {
  return dotText(allNodes(store, filter), () => allEdges(store, filter));
}

/**
 * Nodes and edges in the language of Graphviz; `delete` edges are dashed.
 * @param edges called when all nodes were written
 */
export function* dotText(
  nodes: Iterable<Pick<ReadNode, "nodeId" | "kind" | "name">>,
  edges: () => Iterable<ReadEdge>,
): Generator<string> {
  yield "digraph inventory {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const { nodeId, kind, name } of nodes) {
    yield `  ${quote(nodeId)} [label=${quote(`${kind}\n${name}`)}];\n`;
  }
  for (const { from, to, type } of edges()) {
    const style = type === "delete" ? " [style=dashed]" : "";
    yield `  ${quote(from)} -> ${quote(to)}${style};\n`;
  }
  yield "}\n";
}

function quote(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return `"${escaped.replaceAll("\n", "\\n").replaceAll(/\p{Cc}/gu, " ")}"`;
}
