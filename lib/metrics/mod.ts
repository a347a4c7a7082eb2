export { AWS_COLLECTORS } from "./aws_metrics.ts";
export type { PluginNames } from "./catalogue.ts";
export type { Definition } from "./definition.ts";
export { DEFINITIONS } from "./metric_set.ts";
export * from "./metrics.ts";
export { type Missing, NOT_EXPORTED } from "./original_metrics.ts";
export * from "./process_figures.ts";
export * from "./run_figures.ts";
