import type { ActionEntry } from "../sdk/mod.ts";

/**
 * Reads the files that an action plugin's manifest names, as they are now. One that cannot be read is
 * absent and told; whether that is a fault the plugin decides.
 */
export function readActionFiles(
  { manifest }: ActionEntry,
  options: Readonly<Record<string, unknown>>,
  /** @throws when the file cannot be read */
  readText: (path: string) => string,
  unreadable: (path: string, thrown: unknown) => void,
): Readonly<Record<string, string>> {
  const paths = manifest.files?.(options) ?? [];
  return Object.fromEntries(paths.flatMap((path) => {
    try {
      return [[path, readText(path)] as const];
    } catch (thrown) {
      unreadable(path, thrown);
      return [];
    }
  }));
}
