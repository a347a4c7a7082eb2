import { exportModel, type KindIndex } from "../model/mod.ts";
import type { GraphEdge } from "./graph.ts";

/** A node as the store keeps it. */
export interface DumpNode {
  readonly nodeId: string;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** JSON object of the properties without kind, id and name. */
  readonly body: string;
  readonly phantom: boolean;
  readonly protected: boolean;
  /** Marked for clean-up. */
  readonly marked?: boolean;
  /** Deleted by a clean-up. */
  readonly cleaned?: boolean;
}

/** An edge between two nodes, given by their ids. */
export interface DumpEdge {
  readonly from: string;
  readonly to: string;
  readonly type: GraphEdge["type"];
}

/** Where the text goes. */
export interface TextWriter {
  write(text: string): void | Promise<void>;
}

const NOTHING_REPORTED = /^\{\s*\}$/;

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
  for await (const node of nodes) await writer.write(`${nodeDocument(kinds, node)}\n`);
  for await (const edge of edges) await writer.write(`${edgeDocument(edge)}\n`);
}

/** The node as a line of an upload; its properties are passed on as text. */
export function nodeDocument(kinds: KindIndex, node: DumpNode): string {
  const metadata = {
    python_type: kinds.require(node.kind).pythonType,
    cleaned: node.cleaned ?? false,
    phantom: node.phantom,
    protected: node.protected,
  };
  const rest = [
    `"metadata":${JSON.stringify(metadata)}`,
    ...(node.marked === true ? ['"desired":{"clean":true}'] : []),
    ...(kinds.level(node.kind) === "cloud" ? ['"replace":true'] : []),
  ];
  return `{"id":${JSON.stringify(node.nodeId)},"reported":${reported(node)},${rest.join(",")}}`;
}

/** Kind, id and name, then the properties in the order of the store. */
function reported({ kind, id, name, body }: DumpNode): string {
  const identity = JSON.stringify({ kind, id, name }).slice(0, -1);
  return NOTHING_REPORTED.test(body) ? `${identity}}` : `${identity},${body.trim().slice(1)}`;
}

function edgeDocument({ from, to, type }: DumpEdge): string {
  return JSON.stringify(type === "delete" ? { from, to, edge_type: type } : { from, to });
}
