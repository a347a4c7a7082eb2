export * from "./errors.ts";
export * from "./suggest.ts";
export * from "./wire.ts";
