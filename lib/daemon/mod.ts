export * from "./core_access.ts";
export * from "./daemon.ts";
export * from "./delivery.ts";
export * from "./request.ts";
export * from "./collect_for.ts";
