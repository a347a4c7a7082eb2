import { z } from "zod";
import { type ActionReport, type ActionRequest, runAction } from "../../lib/actions/mod.ts";
import type { ActionEntry } from "../../lib/sdk/mod.ts";
import { graphCore } from "./graph_core.ts";
import { recordingLogger } from "./guest_request.ts";

/** The action plugin of the hostile fixtures: it may do everything and follows its options. */
export const ACTOR: ActionEntry = {
  manifest: {
    name: "actor",
    type: "action",
    description: "Does what its options name",
    action: "cleanup_plan",
    subscriber: "ActorPlugin",
    may: ["mark", "unmark", "protect", "note", "tag"],
    options: z.object({ script: z.string(), text: z.string(), node: z.string() }),
    enabled: () => ({ enabled: true, reason: "it is a test" }),
  },
  source: { type: "built-in", name: "actor" },
};

/** Start of every run in tests. */
export const ACTION_NOW = new Date("2026-01-10T00:00:00.000Z");

/** What a test wants to be different, and its records of the log. */
export interface ActionChanges extends Partial<ActionRequest> {
  readonly told?: unknown[];
  /** Texts of files by path. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** Runs an action plugin as a real guest; by default that of the hostile fixtures. */
export function runTestAction(
  { told = [], texts = {}, ...changes }: ActionChanges,
): Promise<ActionReport> {
  return runAction({
    entry: ACTOR,
    options: {},
    core: graphCore(),
    tag: () => Promise.reject(new Error("nobody tags here")),
    task: { task: "t1", step: "cleanup_plan" },
    dryRun: false,
    readText: (path) => {
      const text = texts[path];
      if (text === undefined) throw new Deno.errors.NotFound(`no such file: ${path}`);
      return text;
    },
    now: () => ACTION_NOW,
    fork: false,
    base: new URL("../fixtures/hostile/main.ts", import.meta.url).href,
    timeouts: { startMs: 30_000, heartbeatMs: 30_000, runMs: 60_000, stopMs: 5_000 },
    log: recordingLogger(told),
    signal: new AbortController().signal,
    ...changes,
  });
}

/** Messages of one event in a recorded log. */
export function messagesOf(told: readonly unknown[], event: string): readonly string[] {
  const schema = z.object({ log: z.object({ event: z.literal(event), message: z.string() }) });
  return told.flatMap((entry) => schema.safeParse(entry).data?.log.message ?? []);
}
