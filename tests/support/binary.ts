import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Path of the compiled binary.
 * @throws Error when `scripts/compile` has not been run
 */
export function binaryPath(): string {
  const path = fileURLToPath(new URL("../../dist/ckworker", import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} does not exist: run scripts/compile`);
  return path;
}

/** How a program ended and what it printed. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a program runs. */
export interface Surroundings {
  readonly cwd?: string;
  /** All variables that it sees; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Runs a program to its end with nothing on its input. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {}, signal }: Surroundings = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { signal }),
    clearEnv: true,
    env: { ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
