import { didYouMean } from "../config/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { CollectorRequest } from "../collect/mod.ts";
import type { PluginEntry } from "../sdk/mod.ts";
import { readSeen, type Sight } from "./seen.ts";

/** Which collectors take part in a run and which do not, and why. */
export interface CollectorChoice {
  readonly taking: readonly CollectorRequest[];
  readonly notConfigured: readonly { readonly name: string; readonly reason: string }[];
}

/** Name of a collector for `--collector`: its first cloud. */
export function collectorName({ manifest }: PluginEntry): string {
  return manifest.clouds[0] ?? manifest.name;
}

/**
 * The plugins whose options count: those named, else all.
 * @throws ConfigError for a name that no plugin has
 */
export function namedPlugins(
  plugins: readonly PluginEntry[],
  names: readonly string[],
): readonly PluginEntry[] {
  const known = plugins.map(collectorName);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new ConfigError(`there is no collector ${name}`, {
      context: { subject: "--collector" },
      hint: didYouMean(name, known, `Collectors: ${known.join(", ")}`),
    });
  }
  if (names.length === 0) return plugins;
  return plugins.filter((plugin) => names.includes(collectorName(plugin)));
}

/**
 * Chooses the collectors of a run: the named ones, else all that find configuration by a local
 * check. Demo plugins run only when named.
 */
export function chooseCollectors(
  plugins: readonly PluginEntry[],
  names: readonly string[],
  optionsOf: (plugin: PluginEntry) => Readonly<Record<string, unknown>>,
  sight: Sight,
): CollectorChoice {
  const candidates = namedPlugins(plugins, names)
    .filter(({ manifest }) => names.length > 0 || manifest.onlyWhenNamed !== true)
    .map((entry) => {
      const options = optionsOf(entry);
      const seen = readSeen(entry.manifest, options, sight);
      const check = entry.manifest.configured?.(options, seen) ?? { configured: true, reason: "" };
      return { request: { entry, options, seen, named: names.length > 0 }, check };
    });
  const takes = ({ request, check }: typeof candidates[number]) =>
    request.named || check.configured;
  return {
    taking: candidates.filter(takes).map(({ request }) => request),
    notConfigured: candidates.filter((candidate) => !takes(candidate))
      .map(({ request, check }) => ({ name: collectorName(request.entry), reason: check.reason })),
  };
}
