import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { actionFiles } from "./action_files.ts";
import { isKindRequest, kindFiles } from "./kind_files.ts";
import { isPluginName, pluginFiles } from "./plugin_files.ts";

const USAGE = `Usage: scripts/new plugin NAME [--action]
       scripts/new kind KIND SERVICE OPERATION RESULT ID

plugin  Writes the folder plugins/NAME with a small plugin that works, and lists it with the others.
        NAME is snake_case. With --action it reacts to a step of a workflow instead of collecting.
kind    Writes declaration, fixture and test of a plain AWS kind, and everything generated from it:
        scripts/new kind aws_ec2_launch_template ec2 DescribeLaunchTemplates LaunchTemplates LaunchTemplateId
`;

const ROOT = resolve(import.meta.dirname ?? ".", "../..");

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main([what, ...words]: readonly string[]): Promise<number> {
  const files = what === "plugin" ? plugin(words) : what === "kind" ? kind(words) : undefined;
  if (files === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const taken = [...files.keys()].filter((path) => existsSync(join(ROOT, path)));
  if (taken.length > 0) {
    for (const path of taken) process.stderr.write(`${path} exists already\n`);
    return 2;
  }
  await write(files);
  return await generate();
}

function plugin(
  [name = "", type = "", ...more]: readonly string[],
): ReadonlyMap<string, string> | undefined {
  if (!isPluginName(name) || !["", "--action"].includes(type) || more.length > 0) return undefined;
  const files = type === "--action" ? actionFiles(name) : pluginFiles(name);
  return new Map(
    [...files].map(([path, text]) => [`plugins/${name}/${path}`, text] as const),
  );
}

function kind(words: readonly string[]): ReadonlyMap<string, string> | undefined {
  const [kind = "", service = "", operation = "", result = "", id = "", ...more] = words;
  const request = { kind, service, operation, result, id };
  return isKindRequest(request) && more.length === 0 ? kindFiles(request) : undefined;
}

async function write(files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await Deno.mkdir(join(ROOT, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(ROOT, path), text, { createNew: true });
    process.stdout.write(`${path}: written\n`);
  }
}

async function generate(): Promise<number> {
  const gen = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", join(ROOT, "scripts/gen.ts")],
    cwd: ROOT,
  });
  return (await gen.spawn().status).code;
}
