export type { WebHandler } from "./mount.ts";
export * from "./run_status.ts";
export * from "./serve_web.ts";
export * from "./status_snapshot.ts";
export * from "./verdict.ts";
export * from "./web_app.ts";
