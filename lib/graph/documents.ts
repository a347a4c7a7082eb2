import type { KindIndex } from "../model/mod.ts";
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

const NOTHING_REPORTED = /^\{\s*\}$/;

/**
 * The node as a line of an upload to the first generation of cores; its properties are passed on as
 * text.
 * @param replace everything below it that is not uploaded is to be deleted
 * @throws GraphError when its kind is unknown
 */
export function nodeDocument(kinds: KindIndex, node: DumpNode, replace: boolean): string {
  const metadata = {
    python_type: kinds.require(node.kind).pythonType,
    cleaned: node.cleaned ?? false,
    phantom: node.phantom,
    protected: node.protected,
  };
  const rest = [
    `"metadata":${JSON.stringify(metadata)}`,
    ...(node.marked === true ? ['"desired":{"clean":true}'] : []),
    ...(replace ? ['"replace":true'] : []),
  ];
  return `{"id":${JSON.stringify(node.nodeId)},"reported":${reportedDocument(node)},${
    rest.join(",")
  }}`;
}

/** Kind, id and name, then the properties in the order of the store: the same for every core. */
export function reportedDocument(
  { kind, id, name, body }: Pick<DumpNode, "kind" | "id" | "name" | "body">,
): string {
  const identity = JSON.stringify({ kind, id, name }).slice(0, -1);
  return NOTHING_REPORTED.test(body) ? `${identity}}` : `${identity},${body.trim().slice(1)}`;
}

/** The edge as a line of an upload to the first generation of cores. */
export function edgeDocument({ from, to, type }: DumpEdge): string {
  return JSON.stringify(type === "delete" ? { from, to, edge_type: type } : { from, to });
}
