import { z } from "zod";
import { ConfigError } from "../errors/mod.ts";
import { type InspectedPlugin, permissionsSchema } from "./inspect_plugin.ts";

const pinSchema = z.strictObject({
  /** Absolute path of the plugin. */
  path: z.string(),
  /** SHA-256 of the file, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  clouds: z.array(z.string()),
  kinds: z.array(z.string()),
  permissions: permissionsSchema,
});

/** What the user accepted of one plugin. */
export type Pin = z.infer<typeof pinSchema>;

const lockSchema = z.strictObject({ version: z.literal(1), plugins: z.array(pinSchema) });

/** What accepting a plugin would pin. */
export function pinOf({ file, facts }: InspectedPlugin): Pin {
  return {
    path: file.path,
    sha256: file.sha256,
    name: facts.name,
    clouds: facts.clouds,
    kinds: facts.model.kinds.map((kind) => kind.name),
    permissions: facts.permissions,
  };
}

/**
 * Reads `plugins.lock`; a file that does not exist holds no pins.
 * @throws ConfigError when it is no lock file
 */
export async function readPins(lockPath: string): Promise<readonly Pin[]> {
  try {
    return lockSchema.parse(JSON.parse(await Deno.readTextFile(lockPath))).plugins;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new ConfigError(`Cannot use the list of accepted plugins "${lockPath}"`, {
      context: { subject: lockPath },
      hint: "Repair or remove it, and accept the plugins again.",
      cause,
    });
  }
}

/** Writes a pin in the place of the one of the same path; the file is replaced as a whole. */
export async function writePin(lockPath: string, pin: Pin): Promise<void> {
  const others = (await readPins(lockPath)).filter((other) => other.path !== pin.path);
  const plugins = [...others, pin].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const temporary = `${lockPath}.new`;
  await Deno.writeTextFile(temporary, `${JSON.stringify({ version: 1, plugins }, null, 2)}\n`, {
    mode: 0o600,
  });
  await Deno.rename(temporary, lockPath);
}

/** How what a plugin asks now differs from what was accepted, a line for each: `+ net "x:443"`. */
export function pinDiff(accepted: Pin, now: Pin): readonly string[] {
  return [
    ...diff("name", [accepted.name], [now.name]),
    ...diff("cloud", accepted.clouds, now.clouds),
    ...diff("kind", accepted.kinds, now.kinds),
    ...RIGHTS.flatMap((right) =>
      diff(right, accepted.permissions[right] ?? [], now.permissions[right] ?? [])
    ),
  ];
}

/** What a plugin asks for, a line for each. */
export function pinText(pin: Pin): readonly string[] {
  return pinDiff({ ...pin, name: "", clouds: [], kinds: [], permissions: {} }, pin)
    .filter((line) => line.startsWith("+")).map((line) => line.slice(2));
}

const RIGHTS = ["net", "env", "read", "sys"] as const;

function diff(what: string, before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((value) => !after.includes(value)).map((value) => `- ${what} "${value}"`),
    ...after.filter((value) => !before.includes(value)).map((value) => `+ ${what} "${value}"`),
  ];
}
