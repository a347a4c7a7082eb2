import { ConfigError } from "../errors/mod.ts";
import { parseArguments } from "./arguments.ts";
import { CORE, type Settings } from "./core_options.ts";
import { parseEnvironment } from "./environment.ts";
import { parseFile, type UnknownKeys } from "./file.ts";
import type { GivenOptions } from "./given.ts";
import type { Option, OptionSet } from "./option.ts";
import { resolve, type Sources } from "./resolve.ts";
import type { Secret } from "./secret.ts";
import { booleanWord } from "./value.ts";

/** Where configuration comes from. */
export interface ConfigInput {
  /** Arguments behind the subcommand. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** @throws when the file cannot be read */
  readonly readText: (path: string) => string;
  /** What a document that a core keeps says; weaker than everything else. */
  readonly document?: GivenOptions;
}

const NOTHING: GivenOptions = new Map();

/** What has to be known before plugins are: which there are, and what is asked at all. */
export interface Preview {
  readonly collector: readonly string[];
  readonly plugin: readonly string[];
  readonly store: string | undefined;
  readonly help: boolean;
  readonly machineHelp: boolean;
  readonly version: boolean;
  /** Errors are shown with context and stack. */
  readonly verbose: boolean;
}

/** Which options a command takes. */
export interface Accepted {
  /** Options of the program that the command takes. */
  readonly core: readonly Option[];
  /** The command's own options; flags only. */
  readonly command: OptionSet;
  /** Options of the plugins that may take part. */
  readonly plugins: readonly OptionSet[];
  /** Options of every known plugin: legal keys of a file, whoever takes part. */
  readonly known: readonly Option[];
}

/** Everything that was configured, validated. */
export interface Configuration {
  readonly settings: Settings;
  readonly command: Readonly<Record<string, unknown>>;
  /** Validated options by plugin. */
  readonly plugins: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly positionals: readonly string[];
  readonly secrets: readonly Secret[];
  readonly warnings: readonly string[];
}

/**
 * First reading: only what decides which options there are. Unknown flags, wrong values and an
 * unreadable file are left to the second, which reports them.
 */
export function preview(input: ConfigInput): Preview {
  const { given } = parseArguments(input.args, CORE.options);
  const environment = parseEnvironment(input.env, CORE.options);
  const file = previewFile(input, [given, environment]);
  const sources = [given, environment, file, input.document ?? NOTHING];
  const list = (name: string) => sources.find((source) => source.has(name))?.get(name)?.texts ?? [];
  const flag = (name: string) => list(name).some((text) => booleanWord(text) === true);
  return {
    collector: list("collector").filter((text) => text !== ""),
    plugin: list("plugin").filter((text) => text !== ""),
    store: list("store").at(-1) || undefined,
    help: flag("help"),
    machineHelp: flag("machine-help"),
    version: flag("version"),
    verbose: flag("verbose"),
  };
}

/**
 * Second reading: everything, by the options that the command and the plugins take.
 * @throws ConfigError that names the flag, variable, file line or key of the document at fault
 */
export function configure(input: ConfigInput, accepted: Accepted): Configuration {
  const { core, command, plugins, known } = accepted;
  const options = [...core, ...command.options, ...plugins.flatMap((set) => set.options)];
  const { given, positionals, problems } = parseArguments(input.args, options);
  if (problems[0] !== undefined) throw explainForeign(problems[0], options);
  const environment = parseEnvironment(input.env, options);
  const file = readFile(input, [given, environment], [...CORE.options, ...known], "refuse");
  const document = input.document ?? NOTHING;
  const sources: Sources = {
    given: [given, environment, file, document],
    readText: input.readText,
  };
  const settings = resolve({ ...CORE, options: core }, sources);
  const own = resolve(command, { ...sources, given: [given] });
  const perPlugin = plugins.map((set) => [set.plugin, resolve(set, sources)] as const);
  if (settings.values.verbose && settings.values.quiet) throw loudAndQuiet();
  const all = [settings, own, ...perPlugin.map(([, resolved]) => resolved)];
  return {
    settings: settings.values,
    command: own.values,
    plugins: new Map(perPlugin.map(([name, resolved]) => [name, resolved.values])),
    positionals,
    secrets: all.flatMap((resolved) => resolved.secrets),
    warnings: all.flatMap((resolved) => resolved.warnings),
  };
}

function previewFile(input: ConfigInput, sources: readonly GivenOptions[]): GivenOptions {
  try {
    return readFile(input, sources, CORE.options, "ignore");
  } catch (thrown) {
    if (thrown instanceof ConfigError) return new Map();
    throw thrown;
  }
}

function readFile(
  { readText }: ConfigInput,
  sources: readonly GivenOptions[],
  known: readonly Option[],
  unknown: UnknownKeys,
): GivenOptions {
  const given = sources.find((source) => source.has("config"))?.get("config");
  const path = given?.texts.at(-1) ?? "";
  if (given === undefined || path === "") return new Map();
  let text: string;
  try {
    text = readText(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${given.origin}: cannot read ${path}: ${why}`, {
      context: { subject: given.origin },
      cause,
    });
  }
  return parseFile({ path, text }, known, unknown);
}

/** A flag that exists, but not for this command, is no typing mistake. */
function explainForeign(problem: ConfigError, options: readonly Option[]): ConfigError {
  const name = problem.context.subject?.replace(/^--/, "");
  const foreign = CORE.options.find((option) => option.name === name);
  if (foreign === undefined || options.includes(foreign)) return problem;
  return new ConfigError(`--${foreign.name} does not belong to this command`, {
    context: problem.context,
    hint: "It belongs to ckworker --once; see --help for the flags of this command",
  });
}

function loudAndQuiet(): ConfigError {
  return new ConfigError("--verbose and --quiet exclude each other", { hint: "Leave one out" });
}
