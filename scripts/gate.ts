/**
 * Runs checks and tests and ends with the line `N passed, N failed`; a failing check counts as one
 * failed test. Exit code 1 when something failed.
 *
 *   scripts/gate.ts                   all checks and all tests
 *   scripts/gate.ts --checks          the checks alone
 *   scripts/gate.ts PATH... [FLAG...] only these tests; flags are those of `deno test`
 *
 * @module
 */
import { resolve } from "node:path";
import process from "node:process";
import { runStage } from "./gate/run_stage.ts";
import { ALL, CHECKS, type Stage, tests } from "./gate/stage.ts";
import { type Tally, total } from "./gate/tally.ts";

const ROOT = resolve(import.meta.dirname ?? ".", "..");

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const { passed, failed } = total(await runAll(stagesFor(args)));
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

function stagesFor(args: readonly string[]): readonly Stage[] {
  if (args.length === 0) return ALL;
  return args[0] === "--checks" ? CHECKS : [tests("tests", ...args)];
}

async function runAll(stages: readonly Stage[]): Promise<readonly Tally[]> {
  const tallies = new Map<string, Tally>();
  for (const stage of stages) {
    const broken = stage.needs?.find((name) => tallies.get(name)?.failed !== 0);
    if (broken !== undefined) process.stdout.write(`── ${stage.name}: not run without ${broken}\n`);
    tallies.set(
      stage.name,
      broken === undefined ? await runStage(ROOT, stage) : { passed: 0, failed: 1 },
    );
  }
  return [...tallies.values()];
}
