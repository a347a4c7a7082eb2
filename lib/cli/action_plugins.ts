import type { ActionRequest } from "../actions/mod.ts";
import type { ChangerPlugin } from "../sandbox/mod.ts";
import type { Invocation } from "./command.ts";
import { readSeen } from "./seen.ts";

/** Action plugins that the settings switch on, with their options. */
export function enabledActions(
  { actions, pluginOptions }: Invocation,
): readonly Pick<ActionRequest, "entry" | "options">[] {
  return actions
    .map((entry) => ({ entry, options: pluginOptions.get(entry.manifest.name) ?? {} }))
    .filter(({ entry, options }) => entry.manifest.enabled(options).enabled);
}

/** Plugins whose nodes can be changed, with everything that is found for them. */
export function changersOf(
  { host, plugins, pluginOptions }: Invocation,
): readonly ChangerPlugin[] {
  const sight = { env: host.env, readText: host.io.readText };
  return plugins.flatMap((entry) => {
    const options = pluginOptions.get(entry.manifest.name);
    return options === undefined
      ? []
      : [{ entry, options, seen: readSeen(entry.manifest, options, sight) }];
  });
}
