import {
  type ConfigInput,
  type Configuration,
  configure,
  didYouMean,
  type Option,
  type OptionSet,
  pluginOptionSet,
  type Preview,
  preview,
  type Settings,
} from "../config/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import {
  createLogger,
  createRedactor,
  jsonFormat,
  type Logfile,
  type Logger,
  openLogfile,
  type Redactor,
  textFormat,
} from "../log/mod.ts";
import type { ActionEntry, PluginEntry } from "../sdk/mod.ts";
import { namedPlugins } from "./collectors.ts";
import { type Command, coreOptionsOf, type Invocation } from "./command.ts";
import { exitCodeOf, isEnding } from "./exit_codes.ts";
import { renderHelp, renderMachineHelp } from "./help.ts";
import { listenForInterruption } from "./interruption.ts";
import type { Host } from "./host.ts";
import { renderError } from "./render_error.ts";
import { createScreen, type Screen } from "./screen.ts";
import { secretsOfEnvironment } from "./secrets_of_environment.ts";
import { storePath } from "./store_path.ts";
import { VERSION } from "./version.ts";

/** The program as `main.ts` composes it. */
export interface Program extends Host {
  readonly args: readonly string[];
  /** Plugins that are part of the program. */
  readonly plugins: readonly PluginEntry[];
  /** Action plugins that are part of the program. */
  readonly actions?: readonly ActionEntry[];
  /** Commands, the one without name first. */
  readonly commands: readonly Command[];
}

/** Runs the program and returns its exit code; whatever is thrown ends as one line on stderr. */
export async function main(program: Program): Promise<number> {
  const { io, env } = program;
  const redactor = createRedactor(secretsOfEnvironment(env));
  using interruption = listenForInterruption(io);
  const { command, args } = splitArguments(program);
  const input = { args, env, readText: io.readText };
  const first = preview(input);
  try {
    if (command instanceof ConfigError) throw command;
    return await runCommand({ program, command, input, first, redactor }, interruption.signal);
  } catch (thrown) {
    // The reader of a pipe that closes it has seen enough.
    if (thrown instanceof Deno.errors.BrokenPipe) return 0;
    const code = exitCodeOf(thrown, interruption.signal);
    const { signal } = interruption;
    const text = isEnding(thrown, signal)
      ? `ckworker: ended by ${signal.reason}; the last good data is kept.\n`
      : renderError(thrown, { verbose: first.verbose });
    io.stderr.write(redactor.redact(text));
    return code;
  }
}

interface Start {
  readonly program: Program;
  readonly command: Command;
  readonly input: ConfigInput;
  readonly first: Preview;
  readonly redactor: Redactor;
}

/** The first argument is a subcommand or there is none. */
function splitArguments(
  { args, commands }: Program,
): { readonly command: Command | ConfigError; readonly args: readonly string[] } {
  const [first] = args;
  const name = first === undefined || first.startsWith("-") ? "" : first;
  const rest = name === "" ? args : args.slice(1);
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return { command, args: rest };
  const names = commands.map((candidate) => candidate.name).filter((known) => known !== "");
  const problem = new ConfigError(`there is no command ${name}`, {
    hint: didYouMean(name, names, "See ckworker --help for the commands that there are"),
  });
  return { command: problem, args: rest };
}

async function runCommand(start: Start, signal: AbortSignal): Promise<number> {
  const { program, command, input, first, redactor } = start;
  const { io } = program;
  if (first.version) {
    io.stdout.write(`ckworker ${VERSION}\n`);
    return 0;
  }
  const plugins = await allPlugins(start, signal);
  const actions = program.actions ?? [];
  const accepted = acceptedBy(command, namedPlugins(plugins, first.collector), [
    ...plugins,
    ...actions,
  ], actions);
  const options = [...accepted.core, ...accepted.command.options, ...flatten(accepted.plugins)];
  if (first.help || first.machineHelp) {
    io.stdout.write(first.help ? helpFor(start, options) : renderMachineHelp(options));
    return 0;
  }
  const configuration = configure(input, accepted);
  checkPositionals(command, configuration.positionals);
  using screen = await createScreen(io.stderr);
  using logs = openLog(configuration.settings, screen, start);
  const invocationWith = (configuration: Configuration): Invocation => {
    for (const secret of configuration.secrets) redactor.add(secret.reveal());
    for (const warning of configuration.warnings) logs.log.warn("config.warning", warning);
    return {
      host: program,
      commands: program.commands,
      settings: configuration.settings,
      own: configuration.command,
      positionals: configuration.positionals,
      plugins,
      actions,
      pluginOptions: configuration.plugins,
      reconfigure: (document) => invocationWith(configure({ ...input, document }, accepted)),
      log: logs.log,
      redact: redactor.redact,
      screen,
      signal,
    };
  };
  return await command.run(invocationWith(configuration));
}

async function allPlugins({ program, first }: Start, signal: AbortSignal) {
  if (first.plugin.length === 0) return program.plugins;
  const { io, base, env } = program;
  const store = storePath(first.store, env);
  const loaded = await program.loadPlugins({ io, base, store, signal, paths: first.plugin });
  return [...program.plugins, ...loaded];
}

function acceptedBy(
  command: Command,
  named: readonly PluginEntry[],
  plugins: readonly (PluginEntry | ActionEntry)[],
  actions: readonly ActionEntry[],
) {
  const taking = [...named, ...actions].map(({ manifest }) => pluginOptionSet(manifest));
  return {
    core: coreOptionsOf(command),
    command: command.options,
    plugins: command.collects ? taking : [],
    known: flatten(plugins.map(({ manifest }) => pluginOptionSet(manifest))),
  };
}

function flatten(sets: readonly OptionSet[]): readonly Option[] {
  return sets.flatMap((set) => set.options);
}

function helpFor({ program, command }: Start, options: readonly Option[]): string {
  return renderHelp({
    command,
    commands: command.name === "" ? program.commands.filter(({ name }) => name !== "") : [],
    options,
    columns: program.io.stdout.columns,
  });
}

function checkPositionals(command: Command, positionals: Configuration["positionals"]): void {
  const extra = positionals[command.positionals];
  if (extra === undefined) return;
  throw new ConfigError(`unexpected argument ${JSON.stringify(extra)}`, {
    hint: command.name === ""
      ? "A command comes first; see ckworker --help"
      : `See ckworker ${command.name} --help`,
  });
}

function openLog(settings: Settings, screen: Screen, { program, redactor }: Start) {
  const { io } = program;
  const format = settings.log_format === "json" ? jsonFormat : textFormat(io.pid);
  const file: Logfile | undefined = settings.logfile === undefined
    ? undefined
    : openLogfile(settings.logfile);
  const log: Logger = createLogger({
    sinks: [screen, ...(file === undefined ? [] : [untilFull(file, screen)])]
      .map((target) => ({ format, write: (line) => target.write(line) })),
    level: settings.quiet ? "critical" : settings.verbose ? "debug" : "info",
    now: io.now,
    redactor,
  });
  return { log, [Symbol.dispose]: () => file?.[Symbol.dispose]() };
}

/** A log file that cannot be written any more is told of once and does not end the run. */
function untilFull(file: Logfile, screen: Screen): Pick<Logfile, "write"> {
  let usable = true;
  return {
    write(line) {
      if (!usable) return;
      try {
        file.write(line);
      } catch (thrown) {
        usable = false;
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        screen.write(`ckworker: the log file ends here, it cannot be written: ${why}\n`);
      }
    },
  };
}
