import type { CollectRequest } from "../../lib/collect/mod.ts";
import type { PluginEntry } from "../../lib/sdk/mod.ts";
import { silentLogger } from "./silent_logger.ts";

/** A request with nothing special in it, over these plugins and this store. */
export function collectRequest(
  entries: readonly PluginEntry[],
  path: string,
  more: Partial<CollectRequest> = {},
): CollectRequest {
  return {
    plugins: entries.map((entry) => ({
      entry,
      options: {},
      seen: { env: {}, files: {} },
      named: true,
    })),
    kinds: entries.flatMap((entry) => entry.model.kinds),
    notConfigured: [],
    store: { path, wait: false, keepHistory: "90d", keepRuns: undefined },
    poolSize: 5,
    timeoutSeconds: 60,
    fork: false,
    resume: false,
    accept: [],
    dumpJson: undefined,
    base: import.meta.url,
    allowHelpers: [],
    keepSensitive: false,
    ignoreDeferredConnections: false,
    version: "test",
    log: silentLogger,
    redact: (text) => text,
    onProgress: () => {},
    signal: new AbortController().signal,
    now: () => new Date("2026-01-01T00:00:00Z"),
    ...more,
  };
}
