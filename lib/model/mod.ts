export * from "./line.ts";
export * from "./model.ts";
export * from "./scope.ts";
