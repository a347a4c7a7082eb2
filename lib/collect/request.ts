import { ConfigError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { Kind, Outcome } from "../model/mod.ts";
import type { LentCloud, PluginEntry, Seen } from "../sdk/mod.ts";
import type { CollectCore } from "./adoption/collect_core.ts";
import type { ProgressEvent } from "./summary.ts";

/** A collector that takes part in a run, with everything that was found for it. */
export interface CollectorRequest {
  readonly entry: PluginEntry;
  /** Validated by the manifest's schema. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seen: Seen;
  /** Clouds of other plugins that it yields in this run instead of its own. */
  readonly lent?: readonly LentCloud[];
  /** Named with `--collector`; then missing credentials are a failure of the run. */
  readonly named: boolean;
}

/** Every cloud whose nodes a collector yields in this run. */
export function cloudsOf({ entry, lent }: CollectorRequest): readonly string[] {
  return lent === undefined ? entry.manifest.clouds : lent.map(({ cloud }) => cloud);
}

/**
 * A cloud has one source in a run: of two, each would conclude about what the other looked at.
 * @throws ConfigError when two collectors would yield the same cloud
 */
export function checkSources(collectors: readonly CollectorRequest[]): void {
  const sources = new Map<string, string>();
  for (const collector of collectors) {
    const { clouds: [name = ""] } = collector.entry.manifest;
    for (const cloud of cloudsOf(collector)) {
      const other = sources.get(cloud);
      if (other !== undefined) {
        throw new ConfigError(`both ${other} and ${name} would yield the cloud ${cloud}`, {
          hint:
            "Name the collectors of this run with --collector, or leave the cloud to one of them.",
        });
      }
      sources.set(cloud, name);
    }
  }
}

/** One run of collection, as the command line asks for it. */
export interface CollectRequest {
  readonly plugins: readonly CollectorRequest[];
  /** Kinds of every plugin that is known, taking part or not: the store keeps a view for each. */
  readonly kinds: readonly Kind[];
  /** Collectors that have nothing to collect with, each with what is missing. */
  readonly notConfigured: readonly { readonly name: string; readonly reason: string }[];
  readonly store: {
    readonly path: string;
    /** Wait for another run that holds the store instead of failing. */
    readonly wait: boolean;
    /** Span such as `90d`. */
    readonly keepHistory: string;
    readonly keepRuns: number | undefined;
  };
  /** Guests at once. */
  readonly poolSize: number;
  /** Longest life of a guest, seconds. */
  readonly timeoutSeconds: number;
  readonly fork: boolean;
  /** Take over the scopes that an interrupted run closed. */
  readonly resume: boolean;
  /** Outcomes that do not change the exit code. */
  readonly accept: readonly Outcome[];
  /** Folder for `model.dump.json` and `graph.dump.json`; undefined means no dump. */
  readonly dumpJson: string | undefined;
  /** URL of the program's main module; guests are found beside it. */
  readonly base: string;
  /** Credential helpers that the host may run. */
  readonly allowHelpers: readonly string[];
  readonly keepSensitive: boolean;
  /** PEM text of certificates that guests trust besides the usual ones. */
  readonly caCertificates?: string;
  readonly ignoreDeferredConnections: boolean;
  /** The core that the run goes to; absent when the store is all there is. */
  readonly core?: CollectCore;
  readonly version: string;
  readonly log: Logger;
  /** Takes known secrets out of what guests report, before it is stored or shown. */
  readonly redact: (text: string) => string;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Aborting it interrupts the run: closed scopes stay, open ones are dropped. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}
