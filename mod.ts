/**
 * The plugin SDK: everything that a plugin may import.
 *
 * @module
 */
export * from "./lib/errors/mod.ts";
export * from "./lib/log/logger.ts";
export * from "./lib/model/mod.ts";
export * from "./lib/sdk/mod.ts";
