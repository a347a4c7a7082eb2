import { fileURLToPath } from "node:url";
import { z } from "zod";
import { pythonPath } from "../../tests/support/python.ts";

const figures = z.object({
  code: z.number(),
  wallMs: z.number(),
  /** User and system time of the process and its children. */
  cpuMs: z.number(),
  /** Largest resident set of the process with its children. */
  peakMiB: z.number(),
});

/** What a command took. */
export type Figures = z.infer<typeof figures>;

/**
 * Runs a command to its end, with the given variables and PATH only.
 * @throws Error with what it printed when its exit code is none of those accepted
 */
export async function measured(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
  accepted: readonly number[] = [0],
): Promise<Figures & { readonly output: string }> {
  const file = await Deno.makeTempFile({ prefix: "ckworker-bench-" });
  try {
    const script = fileURLToPath(new URL("./measure.py", import.meta.url));
    const { stdout } = await new Deno.Command(pythonPath(), {
      args: [script, file, ...command],
      clearEnv: true,
      env: { PATH: Deno.env.get("PATH") ?? "", ...env },
    }).output();
    const result = figures.parse(JSON.parse(new TextDecoder().decode(stdout)));
    const output = await Deno.readTextFile(file);
    if (!accepted.includes(result.code)) {
      throw new Error(`${command.join(" ")} ended with ${result.code}: ${output.slice(-4000)}`);
    }
    return { ...result, output };
  } finally {
    await Deno.remove(file);
  }
}

/** Middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
