/**
 * Writes all generated files; with `--check` it writes nothing, names each stale one and ends with
 * exit code 1.
 *
 * A generator is a module of `scripts/gen/` that exports a function `generate`. They run in the
 * repository's folder in the order of their names, and what one writes the next may read.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import process from "node:process";

/** A module of `scripts/gen/`; one without `generate` is a part of others. */
export interface Generator {
  /** Texts by repo-relative path. Equal input must give equal text. */
  readonly generate?: () => Promise<ReadonlyMap<string, string>>;
}

const ROOT = resolve(import.meta.dirname ?? ".", "..");

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const check = args[0] === "--check";
  if (args.length > (check ? 1 : 0)) {
    process.stderr.write("Usage: scripts/gen.ts [--check]\n");
    return 2;
  }
  Deno.chdir(ROOT);
  let stale = 0;
  for await (const [path, text] of generated()) {
    if (await readIfPresent(path) === text) continue;
    stale += 1;
    if (!check) await write(path, text);
    process.stdout.write(check ? `${path}: stale, run deno task gen\n` : `${path}: written\n`);
  }
  return check && stale > 0 ? 1 : 0;
}

async function* generated(): AsyncGenerator<readonly [path: string, text: string]> {
  const names = [...Deno.readDirSync("scripts/gen")]
    .map((entry) => entry.name).filter((name) => name.endsWith(".ts")).toSorted();
  for (const name of names) {
    const { generate }: Generator = await import(`./gen/${name}`);
    for (const [path, text] of await generate?.() ?? []) {
      yield [path, path.endsWith(".ts") ? await formatted(text) : text];
    }
  }
}

/** Generated modules look as if they were written by hand. */
async function formatted(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", "ts", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = new Response(text).body;
  await input?.pipeTo(child.stdin);
  const { success, stdout } = await child.output();
  if (!success) throw new Error(`a generated module cannot be formatted:\n${text}`);
  return new TextDecoder().decode(stdout);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}
