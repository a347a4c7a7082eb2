import type { Core } from "../core/mod.ts";
import type { Logger } from "../log/mod.ts";
import { runActionGuest, type Timeouts } from "../sandbox/mod.ts";
import type { ActionEntry } from "../sdk/mod.ts";
import { ActionJudge, type TagPort } from "./action_judge.ts";
import type { ActionReport } from "./action_report.ts";
import { readActionFiles } from "./read_files.ts";

export type { TagPort } from "./action_judge.ts";

/** One step of a workflow for one action plugin. */
export interface ActionRequest {
  readonly entry: ActionEntry;
  /** Validated by the manifest's schema. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly core: Core;
  readonly tag: TagPort;
  /** What came with the step; empty when this program drives the workflow. */
  readonly task: Readonly<Record<string, unknown>>;
  /** Marks and tags are recorded and not made; protections are made. */
  readonly dryRun: boolean;
  /** Reads a configuration file, anew for each run. @throws when it cannot be read */
  readonly readText: (path: string) => string;
  readonly now: () => Date;
  readonly fork: boolean;
  /** URL of the program's main module; guests are found beside it. */
  readonly base: string;
  readonly timeouts: Timeouts;
  readonly log: Logger;
  /** Aborting it stops the plugin: gracefully, then by force. */
  readonly signal: AbortSignal;
}

/**
 * Lets one action plugin react to its step: what it decides is judged and carried out here.
 * @throws ConfigError for configuration that is not usable; CoreUnreachableError and
 *   CoreRejectedError; PluginError and SandboxError of the plugin. What was decided before is kept.
 */
export async function runAction(request: ActionRequest): Promise<ActionReport> {
  const { entry, options, core, tag, task, dryRun, now, fork, base, timeouts, signal } = request;
  const { name, action } = entry.manifest;
  const log = request.log.with({ plugin: name });
  const files = readActionFiles(entry, options, request.readText, (path, thrown) => {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    log.error("action.file", `Cannot read ${path}: ${why}`);
  });
  const judge = new ActionJudge({ manifest: entry.manifest, core, tag, dryRun, now, log });
  await runActionGuest({
    entry,
    options,
    action,
    task,
    files,
    dialect: await core.dialect(signal),
    dryRun,
    port: judge,
    now: now(),
    fork,
    base,
    timeouts,
    log,
    signal,
  });
  return { plugin: name, action, dryRun, decisions: judge.decided };
}
