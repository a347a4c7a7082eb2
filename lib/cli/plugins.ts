import { z } from "zod";
import { ConfigError } from "../errors/mod.ts";
import type { ActionEntry, PluginEntry } from "../sdk/mod.ts";
import { chooseCollectors, collectorName } from "./collectors.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { print, printJson } from "./print.ts";
import { storePath } from "./store_path.ts";
import { renderTable } from "./table.ts";

/** `ckworker plugins`: the plugins there are; `plugins add FILE` accepts one of your own. */
export const plugins = defineCommand({
  name: "plugins",
  summary: "shows the plugins, or accepts a plugin file of your own",
  usage: "[add FILE]",
  positionals: 2,
  options: z.object({}),
  candidates: () => ["add"],
  collects: true,
  run: showPlugins,
});

async function showPlugins(invocation: Invocation): Promise<number> {
  const [action, file] = invocation.positionals;
  if (action === undefined) return listPlugins(invocation);
  if (action === "add" && file !== undefined) {
    const { host, settings, signal } = invocation;
    const store = storePath(settings.store, host.env);
    await host.addPlugin({ io: host.io, base: host.base, store, signal, path: file });
    return 0;
  }
  throw new ConfigError(`ckworker plugins does not know ${JSON.stringify(action)}`, {
    hint: "Write: ckworker plugins, or: ckworker plugins add FILE",
  });
}

function listPlugins(invocation: Invocation): number {
  const rows = invocation.plugins.map((plugin) => describe(plugin, invocation));
  const actions = invocation.actions.map((action) => describeAction(action, invocation));
  if (invocation.settings.output === "json") printJson(invocation, [...rows, ...actions]);
  else {
    print(
      invocation,
      renderTable(
        ["PLUGIN", "KINDS", "CALLS", "CONFIGURED", "DESCRIPTION"],
        rows.map((row) => [row.name, row.kinds, row.calls, row.configured, row.description]),
      ),
    );
    if (actions.length === 0) return 0;
    const cells = actions.map((row) => [row.name, row.action, row.enabled, row.description]);
    print(invocation, `\n${renderTable(["ACTION", "STEP", "ENABLED", "DESCRIPTION"], cells)}`);
  }
  return 0;
}

function describe(plugin: PluginEntry, invocation: Invocation) {
  const { manifest, model, calls } = plugin;
  return {
    name: manifest.name,
    collector: collectorName(plugin),
    kinds: model.kinds.filter(({ nested }) => !nested).length,
    calls: calls.length,
    configured: configuredOf(plugin, invocation),
    description: manifest.description,
  };
}

function describeAction({ manifest }: ActionEntry, { pluginOptions }: Invocation) {
  const { name, type, action, subscriber, may, description } = manifest;
  const { enabled, reason } = manifest.enabled(pluginOptions.get(name) ?? {});
  return {
    name,
    type,
    action,
    subscriber,
    may,
    enabled: enabled ? `yes: ${reason}` : `no: ${reason}`,
    description,
  };
}

function configuredOf(plugin: PluginEntry, { host, pluginOptions }: Invocation): string {
  if (plugin.manifest.onlyWhenNamed) return "when named";
  const options = pluginOptions.get(plugin.manifest.name);
  if (options === undefined) return "not asked";
  const { notConfigured } = chooseCollectors([plugin], [], () => options, {
    env: host.env,
    readText: host.io.readText,
  });
  return notConfigured[0] === undefined ? "yes" : `no: ${notConfigured[0].reason}`;
}
