export * from "./connection.ts";
export * from "./core.ts";
