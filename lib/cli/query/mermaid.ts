import type { ReadEdge, ReadNode } from "../../store/read_graph.ts";

/**
 * Nodes and edges as a flow chart of Mermaid; `delete` edges are dotted.
 * @param edges called when all nodes were written
 */
export function* mermaidText(
  nodes: Iterable<Pick<ReadNode, "nodeId" | "kind" | "name">>,
  edges: () => Iterable<ReadEdge>,
): Generator<string> {
  const numbers = new Map<string, string>();
  yield "flowchart LR\n";
  for (const { nodeId, kind, name } of nodes) {
    const number = `n${numbers.size}`;
    numbers.set(nodeId, number);
    yield `  ${number}["${escape(kind)}<br/>${escape(name)}"]\n`;
  }
  for (const { from, to, type } of edges()) {
    yield `  ${numbers.get(from)} ${type === "delete" ? "-.->" : "-->"} ${numbers.get(to)}\n`;
  }
}

/** Everything that a label could take for an instruction becomes a code. */
function escape(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.:/-]/gu, (character) => `#${character.codePointAt(0)};`);
}
