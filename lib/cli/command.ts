import type { z } from "zod";
import {
  CORE,
  type GivenOptions,
  type Option,
  type OptionSet,
  optionSet,
  type Settings,
} from "../config/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { ActionEntry, PluginEntry } from "../sdk/mod.ts";
import type { Host } from "./host.ts";
import type { Screen } from "./screen.ts";

/** Everything that a command gets. */
export interface Invocation<Own = Readonly<Record<string, unknown>>> {
  readonly host: Host;
  /** Every command there is. */
  readonly commands: readonly Command[];
  readonly settings: Settings;
  /** The command's own options. */
  readonly own: Own;
  readonly positionals: readonly string[];
  /** Every plugin that is known: built in, or loaded with `--plugin`. */
  readonly plugins: readonly PluginEntry[];
  /** Action plugins, which take part when their options say so. */
  readonly actions: readonly ActionEntry[];
  /** Validated options of the plugins that may take part, by plugin name. */
  readonly pluginOptions: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /**
   * The same invocation with the settings that a core keeps for this worker beneath those given here.
   * @throws ConfigError that names the key of the document at fault
   */
  readonly reconfigure: (document: GivenOptions) => Invocation;
  readonly log: Logger;
  /** Takes the values of known secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Standard error with live lines. */
  readonly screen: Screen;
  /** Aborted by SIGINT and SIGTERM, whose name is the reason. */
  readonly signal: AbortSignal;
}

/** One subcommand, as data; the one without a name runs when none is given. */
export interface Command {
  readonly name: string;
  /** One clause for the list of commands. */
  readonly summary: string;
  /** Forms of its arguments, as in the usage line. */
  readonly usage: string;
  /** How many arguments it takes at most. */
  readonly positionals: number;
  readonly options: OptionSet;
  /** Words that its arguments may be, for completion. */
  readonly candidates: (plugins: readonly PluginEntry[]) => readonly string[];
  /** Takes the options of collecting and of the collectors. */
  readonly collects: boolean;
  /** Returns the exit code. */
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** How a command is declared. */
export interface CommandDeclaration<Own extends z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  readonly usage?: string;
  readonly positionals?: number;
  readonly options: Own;
  readonly candidates?: (plugins: readonly PluginEntry[]) => readonly string[];
  readonly collects?: boolean;
  readonly run: (invocation: Invocation<z.output<Own>>) => Promise<number>;
}

/** Makes a command of its declaration. */
export function defineCommand<Own extends z.ZodObject>(
  declaration: CommandDeclaration<Own>,
): Command {
  const { name, summary, options, run } = declaration;
  const set = optionSet(options, { group: "Options" });
  return {
    name,
    summary,
    usage: declaration.usage ?? "",
    positionals: declaration.positionals ?? 0,
    candidates: declaration.candidates ?? (() => []),
    collects: declaration.collects ?? false,
    options: {
      ...set,
      options: set.options.map((option) => ({ ...option, env: undefined, flagOnly: true })),
    },
    run: (invocation) => run({ ...invocation, own: options.parse(invocation.own) }),
  };
}

/** The program's own options that a command takes. */
export function coreOptionsOf({ collects }: Command): readonly Option[] {
  return collects ? CORE.options : CORE.options.filter((option) => option.everywhere);
}
