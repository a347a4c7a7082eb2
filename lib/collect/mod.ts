export type { CollectCore } from "./adoption/collect_core.ts";
export { knownGraph, knownGraphQuery } from "./adoption/known_graph.ts";
export * from "./doctor.ts";
export * from "./request.ts";
export { collectOnce, type CollectPorts } from "./run.ts";
export * from "./summary.ts";
export type { ReplaceLimit } from "./upload/plan.ts";
export type { NodeIdentity } from "./upload/records.ts";
export * from "./upload/upload_run.ts";
