export * from "./base_kinds.ts";
export * from "./kind_index.ts";
export * from "./line.ts";
export * from "./model.ts";
export * from "./scope.ts";
