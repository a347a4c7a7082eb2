import { inspectPlugin, startGuest } from "../../../lib/sandbox/mod.ts";
import type { Permissions } from "../../../lib/sdk/mod.ts";
import { EXAMPLE, exampleRequest } from "../guest_request.ts";
import { readLines } from "../lines.ts";

const ESCAPE = new URL("../../fixtures/hostile/escape.js", import.meta.url);
const BASE = new URL("../../../main.ts", import.meta.url).href;

/** An attempt and what came of it: `succeeded`, or `refused: ` and why. */
export type Attempts = ReadonlyMap<string, string>;

/**
 * Runs the hostile plugin of the fixtures in a real guest with these rights.
 * @param more attempts beside its own: expressions by name
 */
export async function attemptEverything(
  permissions: Permissions,
  more: Readonly<Record<string, string>> = {},
): Promise<Attempts> {
  const text = await Deno.readTextFile(ESCAPE);
  const own = Object.entries(more).map(([name, code]) => `${name}: () => ${code},`).join(" ");
  const folder = await Deno.makeTempDir({ prefix: "ckworker-escape-" });
  try {
    const path = `${folder}/escape.js`;
    await Deno.writeTextFile(path, text.replace("const ATTEMPTS = {", `const ATTEMPTS = { ${own}`));
    const inspecting = { base: BASE, signal: new AbortController().signal };
    const { file } = await inspectPlugin(path, inspecting);
    await using guest = await startGuest(exampleRequest({
      entry: { ...EXAMPLE, source: { type: "file", path: file.path, sha256: file.sha256 } },
      options: {},
      permissions,
    }));
    return attemptsOf(await readLines(guest.lines));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the lines of the hostile plugin say. */
export function attemptsOf(lines: readonly string[]): Attempts {
  const told = lines.filter((line) => line.startsWith('["n"') && line.includes('"escape_attempt"'));
  return new Map(told.map((line) => {
    const [head = "", body = ""] = line.split("\t");
    return [String(JSON.parse(head)[3]), String(JSON.parse(body).escape_result)];
  }));
}
