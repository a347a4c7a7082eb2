import type { Manifest, Seen } from "../sdk/mod.ts";

/** Where a host looks for what manifests ask to see. */
export interface Sight {
  readonly env: Readonly<Record<string, string>>;
  /** @throws when the file cannot be read */
  readonly readText: (path: string) => string;
}

/** Reads the variables and files that a manifest asked to see, and no others. */
export function readSeen(
  manifest: Manifest,
  options: Readonly<Record<string, unknown>>,
  { env, readText }: Sight,
): Seen {
  const wanted = manifest.sees?.(options, (name) => env[name]) ?? { env: [], files: [] };
  const visible = Object.entries(env).filter(([name]) =>
    wanted.env.some((pattern) => matches(pattern, name))
  );
  const files = wanted.files.flatMap((path) => {
    const text = readPresent(path, readText);
    return text === undefined ? [] : [[path, text] as const];
  });
  return { env: Object.fromEntries(visible), files: Object.fromEntries(files) };
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** A file that is absent or not readable is not seen; the manifest says what that means. */
function readPresent(path: string, readText: Sight["readText"]): string | undefined {
  try {
    return readText(path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    if (thrown instanceof Deno.errors.PermissionDenied) return undefined;
    throw thrown;
  }
}
