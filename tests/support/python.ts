import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Path of the Python that holds the packages of `tests/requirements.txt`.
 * @throws Error when `scripts/setup --tests` has not been run
 */
export function pythonPath(): string {
  const path = fileURLToPath(new URL("../../.tools/venv/bin/python", import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} does not exist: run scripts/setup --tests`);
  return path;
}

/**
 * Runs a script with the tests' Python to its end and returns what it printed.
 * @param script path of the script
 * @throws Error with its error output when it fails
 */
export async function runPython(
  script: string | URL,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const path = script instanceof URL ? fileURLToPath(script) : script;
  const command = new Deno.Command(pythonPath(), { args: [path, ...args], env: { ...env } });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`${path} ended with ${code}:\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
