import type { LogFields, Logger, LogLevel } from "../../lib/log/mod.ts";
import type { GuestRequest } from "../../lib/sandbox/mod.ts";
import { modelSchema, type PluginEntry } from "../../lib/sdk/mod.ts";
import { manifest } from "../../plugins/example/manifest.ts";
import exampleModel from "../../plugins/example/model.json" with { type: "json" };

/** The example plugin as the host sees it. */
export const EXAMPLE: PluginEntry = {
  manifest,
  model: modelSchema.parse(exampleModel),
  calls: [],
  source: { type: "built-in", name: "example" },
};

/** What a test wants to be different or to see. */
export interface RequestChanges extends Partial<GuestRequest> {
  /** Gets everything that the guest tells beside its lines. */
  readonly told?: unknown[];
}

/** A request for the example plugin, quick to give up, with the given changes. */
export function exampleRequest({ told = [], ...changes }: RequestChanges = {}): GuestRequest {
  return {
    entry: EXAMPLE,
    options: { region: [] },
    permissions: {},
    run: "test-run",
    now: new Date("2026-01-02T03:04:05Z"),
    shard: { index: 0, of: 1 },
    sensitive: { keep: false, key: "00" },
    budgets: [],
    resumed: [],
    fork: false,
    base: new URL("../../main.ts", import.meta.url).href,
    timeouts: { startMs: 30_000, heartbeatMs: 30_000, runMs: 60_000, stopMs: 5_000 },
    allowHelpers: [],
    log: recordingLogger(told),
    signal: new AbortController().signal,
    on: {
      progress: (account, done, total, label) => {
        told.push({ progress: { account, done, total, label } });
      },
      accounts: (accounts) => void told.push({ accounts }),
      regions: (regions) => void told.push({ regions }),
      stats: (stats) => void told.push({ stats }),
      learned: (learned) => void told.push({ learned }),
    },
    ...changes,
  };
}

/** A logger that puts every event into a list. */
export function recordingLogger(records: unknown[], bound: LogFields = {}): Logger {
  const log = (level: LogLevel, event: string, message: string, fields: LogFields = {}) =>
    void records.push({ log: { level, event, message, fields: { ...bound, ...fields } } });
  return {
    log,
    debug: (event, message, fields) => log("debug", event, message, fields),
    info: (event, message, fields) => log("info", event, message, fields),
    warn: (event, message, fields) => log("warn", event, message, fields),
    error: (event, message, fields) => log("error", event, message, fields),
    with: (fields) => recordingLogger(records, { ...bound, ...fields }),
  };
}
