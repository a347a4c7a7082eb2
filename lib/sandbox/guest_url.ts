import type { PluginSource } from "../sdk/mod.ts";

/**
 * Module of a plugin's guest. `base` is the program's main module: beside a TypeScript one lie the
 * sources, beside a bundled one the bundled guests under the same names.
 */
export function guestUrl(source: PluginSource, base: string): string {
  const extension = new URL(base).pathname.endsWith(".ts") ? "ts" : "js";
  const path = source.type === "built-in"
    ? `./plugins/${source.name}/worker.${extension}`
    : `./lib/sandbox/guest/external.${extension}`;
  return new URL(path, base).href;
}
