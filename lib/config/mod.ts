export { didYouMean, nearest } from "../errors/mod.ts";
export * from "./configure.ts";
export * from "./core_options.ts";
export * from "./given.ts";
export * from "./option.ts";
export * from "./secret.ts";
export * from "./span.ts";
export * from "./steps.ts";
export * from "./worker_document.ts";
