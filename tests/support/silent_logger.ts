import type { Logger } from "../../lib/log/mod.ts";

/** A logger that keeps nothing. */
export const silentLogger: Logger = {
  log: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLogger,
};
