import { z } from "zod";
import { didYouMean } from "../config/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { Call } from "../model/mod.ts";
import type { ActionEntry, Permissions, PluginEntry } from "../sdk/mod.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { print, printJson } from "./print.ts";
import { readSeen } from "./seen.ts";

const options = z.object({
  policy: z.boolean().default(false).describe("Print the least-privilege policy for the cloud"),
  purpose: z.enum(["read", "change"]).default("read")
    .describe("Calls of the policy: those that collect, or those that delete and tag"),
});

/** `ckworker permissions [PLUGIN]`: what plugins may do here, or what the cloud has to allow. */
export const permissions = defineCommand({
  name: "permissions",
  summary: "shows what plugins may do with this configuration, and the policy the cloud needs",
  usage: "[PLUGIN]",
  positionals: 1,
  options,
  candidates: (plugins) => plugins.map(({ manifest }) => manifest.name),
  collects: true,
  run: (invocation) => Promise.resolve(showPermissions(invocation)),
});

function showPermissions(invocation: Invocation<z.output<typeof options>>): number {
  const action = invocation.actions.find(({ manifest }) =>
    manifest.name === invocation.positionals[0]
  );
  const chosen = action === undefined ? choosePlugins(invocation) : [];
  if (invocation.own.policy) {
    printJson(invocation, policyOf(chosen, invocation.own.purpose, invocation));
    return 0;
  }
  const granted = chosen.map((plugin) => ({
    plugin: plugin.manifest.name,
    permissions: permissionsOf(plugin, invocation),
    ...borrowedBy(plugin, invocation),
  }));
  const actions = actionsShown(action, invocation)
    .map(({ manifest: { name, may } }) => ({ plugin: name, permissions: {}, may }));
  if (invocation.settings.output === "json") printJson(invocation, [...granted, ...actions]);
  else for (const each of [...granted, ...actions]) print(invocation, renderPermissions(each));
  return 0;
}

/** The action that is named, else all that are switched on. */
function actionsShown(
  named: ActionEntry | undefined,
  { actions, pluginOptions, positionals }: Invocation<z.output<typeof options>>,
): readonly ActionEntry[] {
  if (named !== undefined) return [named];
  if (positionals[0] !== undefined) return [];
  return actions.filter(({ manifest }) =>
    manifest.enabled(pluginOptions.get(manifest.name) ?? {}).enabled
  );
}

function choosePlugins({ plugins, pluginOptions, positionals }: Invocation) {
  const taking = plugins.filter(({ manifest }) => pluginOptions.has(manifest.name));
  const [name] = positionals;
  if (name === undefined) return taking;
  const chosen = taking.filter(({ manifest }) => manifest.name === name);
  if (chosen.length > 0) return chosen;
  const known = taking.map(({ manifest }) => manifest.name);
  throw new ConfigError(`there is no plugin ${name}`, {
    hint: didYouMean(name, known, `Plugins: ${known.join(", ")}`),
  });
}

function permissionsOf({ manifest }: PluginEntry, invocation: Invocation): Permissions {
  const { host, pluginOptions } = invocation;
  const values = pluginOptions.get(manifest.name) ?? {};
  const sight = { env: host.env, readText: host.io.readText };
  return manifest.permissions(values, readSeen(manifest, values, sight));
}

/** Clouds of other plugins that it would yield. */
function borrowedBy(
  { manifest }: PluginEntry,
  { pluginOptions }: Invocation,
): { readonly yields?: readonly string[] } {
  const yields = manifest.borrows?.(pluginOptions.get(manifest.name) ?? {});
  return yields === undefined ? {} : { yields };
}

/** Lists one permission a line; what is missing is denied. */
export function renderPermissions(
  { plugin, permissions, may, yields = [] }: {
    readonly plugin: string;
    readonly permissions: Permissions;
    /** What an action plugin may ask the host to do to nodes. */
    readonly may?: readonly string[];
    readonly yields?: readonly string[];
  },
): string {
  const groups = [
    ["network", permissions.net],
    ["variables", permissions.env],
    ["read", permissions.read],
    ["system", permissions.sys],
  ] as const;
  const lines = groups.flatMap(([title, entries = []]) =>
    entries.length === 0 ? [`  ${title}: none`] : [`  ${title}:`, ...entries.map((e) => `    ${e}`)]
  );
  const asks = may === undefined ? [] : [`  may ask the host to ${may.join(", ")} nodes`];
  const clouds = yields.length === 0 ? [] : [`  may yield nodes of ${yields.join(", ")}`];
  return [plugin, ...lines, ...asks, ...clouds, "  all else: denied"].map((line) => `${line}\n`)
    .join("");
}

function policyOf(
  chosen: readonly PluginEntry[],
  purpose: Call["purpose"],
  { pluginOptions }: Invocation,
) {
  const calls = chosen.flatMap(({ manifest, calls }) =>
    manifest.enabledCalls?.(pluginOptions.get(manifest.name) ?? {}, calls) ?? calls
  );
  return renderPolicy(calls.filter((call) => call.purpose === purpose), purpose);
}

/** An IAM policy that allows exactly what the calls need. */
export function renderPolicy(calls: readonly Call[], purpose: Call["purpose"]) {
  const actions = [...new Set(calls.flatMap((call) => call.permissions))].sort();
  const statement = {
    Sid: purpose === "read" ? "CkworkerRead" : "CkworkerChange",
    Effect: "Allow",
    Action: actions,
    Resource: "*",
  };
  return { Version: "2012-10-17", Statement: actions.length === 0 ? [] : [statement] };
}
