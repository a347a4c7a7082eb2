import { CkError, ConfigError } from "../errors/mod.ts";
import { BASE_KINDS, KindIndex } from "../model/mod.ts";
import type { PluginEntry } from "../sdk/mod.ts";
import { type InspectContext, type InspectedPlugin, inspectPlugin } from "./inspect_plugin.ts";
import { rebuildOptions } from "./option_schema.ts";
import { type Pin, pinDiff, pinOf, pinText, readPins, writePin } from "./pins.ts";

/** What third-party plugins are checked against. */
export interface PluginsContext extends InspectContext {
  /** `plugins.lock` beside the store. */
  readonly lockPath: string;
  /** Plugins whose names, clouds and kinds nobody else may claim. */
  readonly builtIns: readonly PluginEntry[];
  /** Asks the user; absent where nobody can answer. */
  readonly confirm?: Confirm;
}

/** What the user is asked before a plugin may run. */
export interface Question {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  /** What it asks for: `net "x:443"`, `cloud "acme"`, `kind "acme_thing"`. */
  readonly asks: readonly string[];
  /** How that differs from what was accepted before; empty for a new plugin. */
  readonly changes: readonly string[];
}
export type Confirm = (question: Question) => Promise<boolean>;

/**
 * Shows what a plugin asks for and, if the user agrees, pins file and demands.
 * @returns false when the user does not agree
 * @throws ConfigError when the file is no plugin or claims what is not its own
 */
export async function addPlugin(
  path: string,
  context: PluginsContext,
  confirm: Confirm,
): Promise<boolean> {
  const inspected = await inspectPlugin(path, context);
  checkClaims(inspected, context.builtIns);
  const pin = pinOf(inspected);
  const pins = await readPins(context.lockPath);
  const accepted = pins.find((other) => other.path === pin.path);
  const changes = accepted === undefined ? [] : pinDiff(accepted, pin);
  const { name, sha256 } = pin;
  const agreed = await confirm({ path: pin.path, name, sha256, asks: pinText(pin), changes });
  if (agreed) await writePin(context.lockPath, pin);
  return agreed;
}

/**
 * Loads the plugins that the user names. Each must be pinned as it is: same file, same demands.
 * @throws ConfigError naming the command that accepts a plugin, or how it differs from its pin
 */
export async function loadPlugins(
  paths: readonly string[],
  context: PluginsContext,
): Promise<readonly PluginEntry[]> {
  const entries: PluginEntry[] = [];
  for (const path of paths) {
    const inspected = await inspectPlugin(path, context);
    checkClaims(inspected, [...context.builtIns, ...entries]);
    await checkPin(inspected, context);
    entries.push(entryOf(inspected));
  }
  return entries;
}

async function checkPin(inspected: InspectedPlugin, context: PluginsContext): Promise<void> {
  const now = pinOf(inspected);
  const accepted = (await readPins(context.lockPath)).find((pin) => pin.path === now.path);
  if (accepted === undefined) return await askOnce(now, context);
  const changes = pinDiff(accepted, now);
  if (accepted.sha256 === now.sha256 && changes.length === 0) return;
  const what = changes.length === 0 ? "it asks for the same as before" : changes.join(", ");
  throw new ConfigError(`The plugin "${now.path}" changed since it was accepted: ${what}`, {
    context: { plugin: now.name, subject: now.path },
    hint: accept(now.path),
  });
}

async function askOnce(pin: Pin, context: PluginsContext): Promise<void> {
  const agreed = await context.confirm?.({ ...pin, asks: pinText(pin), changes: [] }) ?? false;
  if (agreed) return await writePin(context.lockPath, pin);
  throw new ConfigError(`The plugin "${pin.path}" was never accepted on this machine`, {
    context: { plugin: pin.name, subject: pin.path },
    hint: accept(pin.path),
  });
}

function accept(path: string): string {
  return `See what it asks for and accept it: ckworker plugins add ${path}`;
}

/** @throws ConfigError when the plugin takes a name, cloud or kind of another, or its model is broken */
function checkClaims({ file, facts }: InspectedPlugin, others: readonly PluginEntry[]): void {
  const kinds = facts.model.kinds.map((kind) => kind.name);
  const taken = [
    ...overlap("name", [facts.name], others.map((other) => other.manifest.name)),
    ...overlap("cloud", facts.clouds, others.flatMap((other) => other.manifest.clouds)),
    ...overlap("kind", kinds, [
      ...BASE_KINDS.map((kind) => kind.name),
      ...others.flatMap((other) => other.model.kinds.map((kind) => kind.name)),
    ]),
  ];
  if (taken.length > 0) {
    throw new ConfigError(`The plugin "${file.path}" claims what is taken: ${taken.join(", ")}`, {
      context: { plugin: facts.name, subject: file.path },
    });
  }
  checkModel(file.path, facts.model.kinds);
}

function overlap(what: string, own: readonly string[], taken: readonly string[]): string[] {
  return own.filter((value) => taken.includes(value)).map((value) => `${what} "${value}"`);
}

function checkModel(path: string, kinds: InspectedPlugin["facts"]["model"]["kinds"]): void {
  try {
    new KindIndex(kinds);
  } catch (cause) {
    if (!(cause instanceof CkError)) throw cause;
    throw new ConfigError(`The plugin "${path}" has a broken model: ${cause.message}`, {
      context: { subject: path },
      cause,
    });
  }
}

/** The plugin as the host sees every other. Its rights are those that were accepted, a constant. */
function entryOf({ file, facts }: InspectedPlugin): PluginEntry {
  const { name, type, description, clouds, onlyWhenNamed, permissions, model, calls } = facts;
  return {
    manifest: {
      name,
      type,
      description,
      clouds,
      onlyWhenNamed,
      options: rebuildOptions(facts.options),
      permissions: () => permissions,
    },
    model,
    calls,
    source: { type: "file", path: file.path, sha256: file.sha256 },
  };
}
