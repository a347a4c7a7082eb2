export * from "./assembler.ts";
export * from "./documents.ts";
export * from "./dump.ts";
export * from "./fixcore_id.ts";
export * from "./graph.ts";
export { createNodeIdentifier, encodeNodeId, pythonRepr } from "./node_id.ts";
export type { IdPart, NodeIdentifier, NodeIdParts } from "./node_id.ts";
export * from "./parse_line.ts";
export * from "./line_splitter.ts";
