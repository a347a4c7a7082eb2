import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { isPluginName, pluginFiles } from "./plugin_files.ts";

const USAGE = `Usage: scripts/new plugin NAME

Writes the folder plugins/NAME with a small plugin that works, and lists it with the others.
NAME is snake_case.
`;

const ROOT = resolve(import.meta.dirname ?? ".", "../..");

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main([what, name = "", ...more]: readonly string[]): Promise<number> {
  if (what !== "plugin" || !isPluginName(name) || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const folder = join(ROOT, "plugins", name);
  if (existsSync(folder)) {
    process.stderr.write(`plugins/${name} exists already\n`);
    return 2;
  }
  await Deno.mkdir(folder);
  for (const [path, text] of pluginFiles(name)) {
    await Deno.writeTextFile(join(folder, path), text, { createNew: true });
    process.stdout.write(`plugins/${name}/${path}: written\n`);
  }
  const gen = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", join(ROOT, "scripts/gen.ts")],
    cwd: ROOT,
  });
  return (await gen.spawn().status).code;
}
