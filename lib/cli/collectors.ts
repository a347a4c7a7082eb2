import { didYouMean } from "../config/mod.ts";
import { checkSources, type CollectorRequest } from "../collect/request.ts";
import { ConfigError } from "../errors/mod.ts";
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
 * A collector with the clouds that it borrows.
 * @throws ConfigError when there is no such cloud
 */
function lend(request: CollectorRequest, plugins: readonly PluginEntry[]): CollectorRequest {
  const { manifest } = request.entry;
  const borrowed = [...new Set(manifest.borrows?.(request.options) ?? [])];
  if (borrowed.length === 0) return request;
  const lenders = plugins.filter((plugin) => plugin.manifest.borrows === undefined);
  const known = lenders.flatMap((plugin) => plugin.manifest.clouds);
  const lent = borrowed.map((cloud) => {
    const lender = lenders.find((plugin) => plugin.manifest.clouds.includes(cloud));
    if (lender !== undefined) return { cloud, kinds: lender.model.kinds };
    throw new ConfigError(`${manifest.name}: there is no cloud ${cloud}`, {
      hint: didYouMean(cloud, known, `Clouds: ${known.join(", ")}`),
    });
  });
  return { ...request, lent };
}

/**
 * Chooses the collectors of a run: the named ones, else all that find configuration by a local
 * check. Demo plugins run only when named.
 * @throws ConfigError when two of them would yield the same cloud, or one borrows what there is not
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
  const taking = candidates.filter(takes).map(({ request }) => lend(request, plugins));
  checkSources(taking);
  return {
    taking,
    notConfigured: candidates.filter((candidate) => !takes(candidate))
      .map(({ request, check }) => ({ name: collectorName(request.entry), reason: check.reason })),
  };
}
