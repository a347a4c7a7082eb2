/**
 * Measures how long the binary takes to start: `--help`, and a run that has nothing to do (the
 * account list of the example collector is empty there, but store, guest and summary are real).
 *
 *     deno run -A scripts/bench/startup.ts [RUNS]
 *
 * Prints one JSON line per command: median, fastest and slowest wall time, CPU and memory.
 */
import { binaryPath } from "../../tests/support/binary.ts";
import { measured, median } from "./measure.ts";

const COMMANDS: Readonly<Record<string, (store: string) => readonly string[]>> = {
  "--help": () => ["--help"],
  "--once, nothing to do": (store) => ["--once", "--collector", "example", "--store", store],
};

if (import.meta.main) {
  const runs = Number(Deno.args[0] ?? 21);
  for (const [name, args] of Object.entries(COMMANDS)) {
    const figures = await measureStart(args, runs);
    Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify({ name, ...figures })}\n`));
  }
}

async function measureStart(args: (store: string) => readonly string[], runs: number) {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  try {
    const command = [binaryPath(), ...args(`${folder}/ckworker.db`)];
    const ends = [];
    // The first start fills the code cache; a store that holds the same finds no change.
    await measured(command, { HOME: folder });
    for (let run = 0; run < runs; run++) ends.push(await measured(command, { HOME: folder }));
    const walls = ends.map(({ wallMs }) => wallMs).sort((a, b) => a - b);
    return {
      runs,
      medianMs: median(walls),
      fastestMs: walls[0],
      slowestMs: walls.at(-1),
      cpuMs: median(ends.map(({ cpuMs }) => cpuMs)),
      peakMiB: median(ends.map(({ peakMiB }) => peakMiB)),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
