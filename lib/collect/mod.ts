export * from "./request.ts";
export * from "./summary.ts";
