export * from "./built_in_plugin.ts";
export * from "./collector.ts";
export * from "./denied.ts";
export * from "./manifest.ts";
export * from "./plugin.ts";
export * from "./plugin_schema.ts";
export * from "./protocol.ts";
export * from "./serve_collector.ts";
