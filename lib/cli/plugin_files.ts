import { ConfigError } from "../errors/mod.ts";
import type { PluginsContext, Question } from "../sandbox/mod.ts";
import type { PluginEntry } from "../sdk/mod.ts";
import type { AddRequest, Host, LoadRequest, PluginFiles } from "./host.ts";
import { printable } from "./table.ts";

/** Plugin files of the user, loaded and accepted in the sandbox. */
export function pluginFiles(
  builtIns: readonly PluginEntry[],
): Pick<Host, "loadPlugins" | "addPlugin"> {
  return {
    loadPlugins: (request) => load(request, builtIns),
    addPlugin: (request) => add(request, builtIns),
  };
}

/** The sandbox's code, which a command without plugin files does not wait for. */
function sandboxCode(): Promise<typeof import("../sandbox/mod.ts")> {
  return import("../sandbox/mod.ts");
}

async function load(request: LoadRequest, builtIns: readonly PluginEntry[]) {
  const { loadPlugins } = await sandboxCode();
  const confirm = (question: Question) => {
    const asked = request.io.ask(`${renderQuestion(question)}Run it from now on? [y/N]`);
    return Promise.resolve(asked !== null && isYes(asked));
  };
  return await loadPlugins(request.paths, { ...contextOf(request, builtIns), confirm });
}

/** The command is the consent where nobody can be asked. */
async function add(request: AddRequest, builtIns: readonly PluginEntry[]): Promise<void> {
  const { io, path } = request;
  const { addPlugin } = await sandboxCode();
  const agreed = await addPlugin(path, contextOf(request, builtIns), (question) => {
    io.stdout.write(renderQuestion(question));
    return Promise.resolve(isYes(io.ask("Accept it? [y/N]") ?? "y"));
  });
  if (!agreed) throw new ConfigError(`the plugin ${path} was not accepted`);
  io.stdout.write(`Accepted: ckworker --once --plugin ${path}\n`);
}

function contextOf(request: PluginFiles, builtIns: readonly PluginEntry[]): PluginsContext {
  const { base, store, signal } = request;
  const folder = store.includes("/") ? store.slice(0, store.lastIndexOf("/") + 1) : "";
  return { base, signal, builtIns, lockPath: `${folder}plugins.lock` };
}

/** Shows what a plugin asks for, and how that differs from what was accepted before. */
export function renderQuestion({ path, name, sha256, asks, changes }: Question): string {
  const lines = [
    `Plugin ${name} (${path}, sha256 ${sha256}) asks for:`,
    ...(asks.length === 0 ? ["  nothing"] : asks.map((ask) => `  ${ask}`)),
    ...(changes.length === 0 ? [] : ["Since it was accepted:", ...changes.map((c) => `  ${c}`)]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}
