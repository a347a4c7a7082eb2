export * from "./embedded_core.ts";
export * from "./graph_source.ts";
