import { exportModel, type KindIndex } from "../model/mod.ts";
import { type DumpEdge, type DumpNode, edgeDocument, nodeDocument } from "./documents.ts";

/** Where the text goes. */
export interface TextWriter {
  write(text: string): void | Promise<void>;
}

/** Writes the model as a core is told it (`model.dump.json`). */
export async function dumpModel(kinds: KindIndex, writer: TextWriter): Promise<void> {
  await writer.write(`${JSON.stringify(exportModel(kinds), null, 4)}\n`);
}

/**
 * Writes the graph as a core is told it (`graph.dump.json`): one JSON document a line, all nodes,
 * then all edges. Dates and other values stand as they are stored.
 */
export async function dumpGraph(
  kinds: KindIndex,
  nodes: Iterable<DumpNode> | AsyncIterable<DumpNode>,
  edges: Iterable<DumpEdge> | AsyncIterable<DumpEdge>,
  writer: TextWriter,
): Promise<void> {
  for await (const node of nodes) {
    await writer.write(`${nodeDocument(kinds, node, kinds.level(node.kind) === "cloud")}\n`);
  }
  for await (const edge of edges) await writer.write(`${edgeDocument(edge)}\n`);
}
