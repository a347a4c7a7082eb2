/** One command of the gate. */
export interface Stage {
  readonly name: string;
  /** Program and arguments; `deno` is the Deno that runs this. */
  readonly command: readonly [string, ...string[]];
  /** Its output ends with the summary of `deno test`. */
  readonly counts: boolean;
  /** Stages that must have passed, or this one cannot run. */
  readonly needs?: readonly string[];
}

/** All modules of the repository. */
const MODULES = ["main.ts", "mod.ts", "lib", "plugins", "scripts", "tests"] as const;

/** Rules that hold without running anything of the program. */
export const CHECKS: readonly Stage[] = [
  check("format", "deno", "fmt", "--check"),
  check("lint", "deno", "lint", "--quiet"),
  check("types", "deno", "check", "--quiet", ...MODULES),
  check("rules", "deno", "run", "--allow-all", "scripts/check.ts"),
  check("generated", "deno", "run", "--allow-all", "scripts/gen.ts", "--check"),
];

/** Everything: the checks, the tests of the source, the binary and the tests of the binary. */
export const ALL: readonly Stage[] = [
  ...CHECKS,
  tests("tests", "--parallel", "tests/unit", "tests/contract"),
  check("compile", "scripts/compile"),
  { ...tests("end to end", "--parallel", "tests/e2e"), needs: ["compile"] },
];

/** A run of some tests; types are checked by their own stage. */
export function tests(name: string, ...args: readonly string[]): Stage {
  const command = ["deno", "test", "--allow-all", "--no-check"] as const;
  return { name, command: [...command, ...args], counts: true };
}

function check(name: string, ...command: readonly [string, ...string[]]): Stage {
  return { name, command, counts: false };
}
