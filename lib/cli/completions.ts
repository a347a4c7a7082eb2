import { z } from "zod";
import { type Option, pluginOptionSet } from "../config/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { PluginEntry } from "../sdk/mod.ts";
import { collectorName } from "./collectors.ts";
import { type Command, coreOptionsOf, defineCommand, type Invocation } from "./command.ts";
import {
  bashCompletion,
  type CompletionPage,
  fishCompletion,
  zshCompletion,
} from "./completion_scripts.ts";
import { print } from "./print.ts";

const SHELLS: Readonly<Record<string, (pages: readonly CompletionPage[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `ckworker completions bash|zsh|fish`: a script for the shell, made from the table of options. */
export const completions = defineCommand({
  name: "completions",
  summary: "prints a completion script for a shell",
  usage: "bash|zsh|fish",
  positionals: 1,
  options: z.object({}),
  candidates: () => Object.keys(SHELLS),
  run: (invocation) => Promise.resolve(printScript(invocation)),
});

function printScript(invocation: Invocation): number {
  const shell = invocation.positionals[0] ?? "";
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined) {
    throw new ConfigError(shell === "" ? "no shell named" : `no completions for ${shell}`, {
      hint: "Write one of: bash, zsh, fish",
    });
  }
  print(invocation, script(completionPages(invocation.commands, invocation.plugins)));
  return 0;
}

/** What can be completed behind each command. */
export function completionPages(
  commands: readonly Command[],
  plugins: readonly PluginEntry[],
): readonly CompletionPage[] {
  const pluginOptions = plugins.flatMap(({ manifest }) => pluginOptionSet(manifest).options);
  return commands.map((command) => ({
    name: command.name,
    summary: command.summary,
    candidates: command.candidates(plugins),
    options: [
      ...coreOptionsOf(command),
      ...command.options.options,
      ...(command.collects ? pluginOptions : []),
    ].filter((option) => !option.later).map((option) => withCollectors(option, plugins)),
  }));
}

function withCollectors(option: Option, plugins: readonly PluginEntry[]): Option {
  return option.name === "collector" ? { ...option, choices: plugins.map(collectorName) } : option;
}
