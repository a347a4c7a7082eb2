export * from "./request.ts";
export * from "./run_workflow.ts";
export * from "./steps.ts";
export * from "./summary.ts";
