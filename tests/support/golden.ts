import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Compares text with `tests/golden/<path>`. With the variable UPDATE_GOLDEN set it writes the file
 * instead; the change is then to be read in the diff.
 */
export async function golden(path: string, text: string): Promise<void> {
  const file = fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
  if (Deno.env.has("UPDATE_GOLDEN")) {
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  assert.equal(text, await Deno.readTextFile(file), `tests/golden/${path} differs`);
}
