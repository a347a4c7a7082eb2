export * from "./collector.ts";
export * from "./manifest.ts";
export * from "./plugin.ts";
