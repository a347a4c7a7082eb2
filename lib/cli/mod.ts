export * from "./commands.ts";
export * from "./exit_codes.ts";
export { defaultOf } from "./help.ts";
export * from "./host.ts";
export * from "./io.ts";
export * from "./plugin_files.ts";
export * from "./program.ts";
