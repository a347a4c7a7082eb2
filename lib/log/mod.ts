export * from "./create_logger.ts";
export * from "./format.ts";
export * from "./logfile.ts";
export * from "./logger.ts";
export * from "./redactor.ts";
