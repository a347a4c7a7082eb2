import type { z } from "zod";
import type { PluginSource } from "../plugin.ts";

/** What an action plugin may do to nodes; see {@link Decision} and `ActionContext.tag`. */
export const ACTION_RIGHTS = ["mark", "unmark", "protect", "note", "tag"] as const;
export type ActionRight = typeof ACTION_RIGHTS[number];

/** Whether an action plugin takes part. */
export interface Enabled {
  readonly enabled: boolean;
  /** One clause: what switched it on, or what would. */
  readonly reason: string;
}

/** What the host knows of an action plugin without loading it. Its guest has no right at all. */
export interface ActionManifest<Options extends z.ZodObject = z.ZodObject> {
  /** Folder and flag prefix, `cleanup_volumes`. */
  readonly name: string;
  readonly type: "action";
  /** One sentence for `ckworker plugins`. */
  readonly description: string;
  /** Step of a workflow that it reacts to, `cleanup_plan`. */
  readonly action: string;
  /** Its part of the subscriber id, see {@link actionSubscriberId}. */
  readonly subscriber: string;
  /** What it may ask the host to do; everything else is refused. */
  readonly may: readonly ActionRight[];
  /**
   * Options, as those of a collector. The flag of the option with the meta `{ bare: true }` is the
   * plugin's name alone, `--cleanup-volumes`.
   */
  readonly options: Options;
  readonly enabled: (options: z.infer<Options>) => Enabled;
  /** Files that the host reads before each run and whose texts the guest gets. Absent means none. */
  readonly files?: (options: z.infer<Options>) => readonly string[];
}

/** An action plugin as the host sees it. */
export interface ActionEntry {
  readonly manifest: ActionManifest;
  readonly source: PluginSource;
}

/** Checks a manifest's form at compile time and returns it. */
export function defineActionManifest<Options extends z.ZodObject>(
  manifest: ActionManifest<Options>,
): ActionManifest<Options> {
  return manifest;
}

/** Entry of an action plugin that is part of the program. */
export function builtInAction<Options extends z.ZodObject>(
  manifest: ActionManifest<Options>,
): ActionEntry {
  return { manifest, source: { type: "built-in", name: manifest.name } };
}

/** Id under which an action plugin subscribes: `worker-actions-cleanup_plan-CleanupVolumesPlugin`. */
export function actionSubscriberId(
  prefix: string,
  { action, subscriber }: Pick<ActionManifest, "action" | "subscriber">,
): string {
  return `${prefix}-actions-${action}-${subscriber}`;
}
