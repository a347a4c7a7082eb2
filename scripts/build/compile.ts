import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { bundledPackages, notices } from "./notices.ts";
import { bringDenort, BROUGHT_TARGET, broughtDenort } from "./denort.ts";

const USAGE = `Usage: scripts/compile [--target TRIPLE] [--output FILE]

Makes the binary: bundles the program and its guests and compiles the bundle. The licences of the
packages in it are written beside it, as FILE.NOTICES.

  --target TRIPLE  machine to compile for, as \`deno compile --help\` lists them (default: this one)
  --output FILE    default: dist/ckworker
`;

const ROOT = resolve(import.meta.dirname ?? ".", "../..");
const TOOLS = join(ROOT, ".tools");

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(USAGE);
    return 0;
  }
  const options = parse(args);
  if (options === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const started = performance.now();
  const folder = join(TOOLS, "bundle");
  await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
  const modules = await bundle(ROOT, folder);
  // The whole configuration of the binary: nothing of the repository's deno.json, no packages.
  await Deno.writeTextFile(join(folder, "deno.json"), `{ "unstable": ["worker-options"] }\n`);
  await Deno.mkdir(resolve(options.output, ".."), { recursive: true });
  await compile(folder, options);
  const licences = await notices(ROOT, bundledPackages(modules));
  await Deno.writeTextFile(`${options.output}.NOTICES`, licences);
  const megabytes = (Deno.statSync(options.output).size / 1e6).toFixed(1);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${options.output}: ${megabytes} MB, made in ${seconds} s\n`);
  return 0;
}

interface Options {
  readonly target: string;
  readonly output: string;
}

function parse(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { target: { type: "string" }, output: { type: "string", short: "o" } },
    });
    return {
      target: values.target ?? Deno.build.target,
      output: resolve(values.output ?? join(ROOT, "dist", "ckworker")),
    };
  } catch {
    return undefined;
  }
}

/**
 * Compiles with the base that `DENORT_BIN` names or Deno downloads, else with one that we can bring.
 * @throws Error with Deno's message, or what to do about a missing base
 */
async function compile(folder: string, options: Options): Promise<void> {
  const fault = await denoCompile(folder, options, broughtDenort(TOOLS, options.target));
  if (fault === undefined) return;
  if (!fault.includes(NO_BASE)) throw new Error(`deno compile failed:\n${fault}`);
  if (options.target !== BROUGHT_TARGET) {
    throw new Error(
      `Deno could not download its base for ${options.target}: set DENORT_BIN to the denort ` +
        `${Deno.version.deno} of that target\n${fault}`,
    );
  }
  const again = await denoCompile(folder, options, await bringDenort(TOOLS));
  if (again !== undefined) throw new Error(`deno compile failed:\n${again}`);
}

/** What Deno says when it has no base and cannot get one. */
const NO_BASE = "Setting up base binary";

/** Runs `deno compile` over the bundle; the result is its error output if it failed. */
async function denoCompile(
  folder: string,
  options: Options,
  denort: string | undefined,
): Promise<string | undefined> {
  const included = [...Deno.readDirSync(folder)].filter((entry) => entry.isDirectory)
    .map((entry) => `--include=${entry.name}`).toSorted();
  const command = new Deno.Command(Deno.execPath(), {
    cwd: folder,
    args: [...FLAGS, `--target=${options.target}`, `--output=${options.output}`]
      .concat(included, "main.js"),
    env: {
      NO_COLOR: "1",
      ...(denort === undefined || Deno.env.has("DENORT_BIN") ? {} : { DENORT_BIN: denort }),
    },
  });
  const { success, stderr } = await command.output();
  return success ? undefined : new TextDecoder().decode(stderr);
}

/**
 * The binary asks for nothing on a terminal: what a guest may not do is denied. It keeps no compiled
 * code in the folder for temporary files, where another user of the machine could put some.
 */
const FLAGS = [
  "compile",
  "--quiet",
  "--no-check",
  "--no-lock",
  "--allow-all",
  "--no-prompt",
  "--no-code-cache",
  // A daemon gives memory back after each run (lib/daemon/memory.ts).
  "--v8-flags=--expose-gc",
] as const;

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    process.stderr.write(`compile: ${error instanceof Error ? error.message : error}\n`);
    Deno.exit(1);
  }
}
