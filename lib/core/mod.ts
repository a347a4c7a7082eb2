export * from "./answer.ts";
export * from "./connection.ts";
export * from "./core.ts";
export * from "./remote_core.ts";
export * from "./worker_config.ts";
