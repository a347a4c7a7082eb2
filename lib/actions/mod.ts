export * from "./action_timeouts.ts";
export * from "./action_report.ts";
export * from "./read_files.ts";
export * from "./run_action.ts";
