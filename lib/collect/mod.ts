export * from "./doctor.ts";
export * from "./request.ts";
export { collectOnce, type CollectPorts } from "./run.ts";
export * from "./summary.ts";
