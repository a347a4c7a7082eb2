import { allEdges, allNodes, type NodeFilter } from "../read_graph.ts";
import type { Store } from "../store.ts";

/** The graph in the language of Graphviz; `delete` edges are dashed. */
export function* dotOf(store: Store, filter: NodeFilter): Generator<string> {
  yield "digraph inventory {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const { nodeId, kind, name } of allNodes(store, filter)) {
    yield `  ${quote(nodeId)} [label=${quote(`${kind}\n${name}`)}];\n`;
  }
  for (const { from, to, type } of allEdges(store, filter)) {
    const style = type === "delete" ? " [style=dashed]" : "";
    yield `  ${quote(from)} -> ${quote(to)}${style};\n`;
  }
  yield "}\n";
}

function quote(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return `"${escaped.replaceAll("\n", "\\n").replaceAll(/\p{Cc}/gu, " ")}"`;
}
