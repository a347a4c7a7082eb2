import { z } from "zod";
import { ConfigError } from "../errors/mod.ts";
import { callsSchema, modelSchema } from "../sdk/mod.ts";
import { guestUrl } from "./guest_url.ts";
import { optionsSchema } from "./option_schema.ts";
import { type PluginFile, readPluginFile } from "./plugin_file.ts";
import { Supervisor } from "./supervisor.ts";
import { openWorker } from "./worker_channel.ts";

const rights = z.array(z.string().min(1).max(2_000)).max(1_000).exactOptional();

/** What a manifest may ask for. */
export const permissionsSchema = z.strictObject({
  net: rights,
  env: rights,
  read: rights,
  sys: rights,
});

const factsSchema = z.strictObject({
  name: z.string().max(60).regex(/^[a-z][a-z0-9_]*$/, "must be snake_case"),
  type: z.literal("collector"),
  description: z.string().max(500),
  clouds: z.array(z.string().min(1).max(200)).min(1).max(20),
  onlyWhenNamed: z.boolean(),
  options: optionsSchema,
  permissions: permissionsSchema,
  model: modelSchema,
  calls: callsSchema,
});

/** Everything that a third-party plugin says of itself. */
export type PluginFacts = z.infer<typeof factsSchema>;

/** A plugin file and what it says of itself. */
export interface InspectedPlugin {
  readonly file: PluginFile;
  readonly facts: PluginFacts;
}

/** Where and how long an inspection runs. */
export interface InspectContext {
  /** URL of the program's main module. */
  readonly base: string;
  readonly signal: AbortSignal;
}

/** Reading itself must not take a plugin longer. */
const TIMEOUTS = { startMs: 10_000, heartbeatMs: 10_000, runMs: 10_000, stopMs: 1_000 } as const;

/**
 * Runs a plugin once in a guest without any right, to learn what it says of itself. Its permissions
 * are those under its options' defaults and an empty environment.
 * @throws ConfigError when the file cannot be read, does not run, or says what no plugin may say
 */
export async function inspectPlugin(
  path: string,
  context: InspectContext,
): Promise<InspectedPlugin> {
  const file = await readPluginFile(path);
  const said = await ask(file, context);
  if (z.object({ type: z.literal("action") }).safeParse(said).success) {
    throw unusable(file, "it is an action plugin, and only collectors can be loaded from a file");
  }
  const parsed = factsSchema.safeParse(said);
  if (parsed.success) return { file, facts: parsed.data };
  throw unusable(file, `is not of the right form: ${z.prettifyError(parsed.error)}`);
}

async function ask(file: PluginFile, context: InspectContext): Promise<unknown> {
  let said: unknown;
  const code = {
    plugin: file.path,
    url: guestUrl({ type: "file", path: file.path, sha256: file.sha256 }, context.base),
    permissions: {},
  };
  await using guest = new Supervisor({
    plugin: file.path,
    timeouts: TIMEOUTS,
    first: { type: "inspect", source: file.text, options: {} },
    begins: "ready",
    open: (events) => openWorker(code, events),
    work: (message) => {
      if (message.type === "inspected") said = message.plugin;
      return message.type === "inspected" || message.type === "logs";
    },
    signal: context.signal,
  });
  const end = await guest.ended;
  if (end.state !== "stopped") throw unusable(file, end.error.message, end.error);
  return said;
}

function unusable(file: PluginFile, why: string, cause?: unknown): ConfigError {
  return new ConfigError(`The plugin "${file.path}" cannot be used: ${why}`, {
    context: { subject: file.path },
    ...(cause === undefined ? {} : { cause }),
  });
}
