export * from "./connection.ts";
export * from "./core.ts";
export * from "./detect.ts";
export { type ConnectionOptions, createConnection, HttpConnection } from "./http_connection.ts";
export * from "./refusal.ts";
export * from "./retry.ts";
export * from "./token.ts";
