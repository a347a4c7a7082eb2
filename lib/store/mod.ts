export * from "./run_facts.ts";
export * from "./store.ts";
export * from "./types.ts";
