/** What metrics have to know of a plugin: whose its kinds and calls are. */
export interface PluginNames {
  readonly clouds: readonly string[];
  readonly kinds: readonly string[];
  /** `service:Operation`. */
  readonly calls: readonly string[];
}

/** What a name belongs to when nobody declares it. */
export const OTHER = "other";

/** Labels of a call. */
export interface CallLabels {
  readonly cloud: string;
  readonly service: string;
  readonly operation: string;
}

/**
 * Says which cloud kinds and calls belong to. A guest reports names as it likes; one that no plugin
 * declares becomes `other`, so that the number of series has a limit.
 */
export class Catalogue {
  readonly #kinds: ReadonlyMap<string, string>;
  readonly #calls: ReadonlyMap<string, CallLabels>;

  constructor(plugins: readonly PluginNames[]) {
    this.#kinds = new Map(plugins.flatMap(({ clouds, kinds }) => {
      return kinds.map((kind) => [kind, clouds[0] ?? OTHER] as const);
    }));
    this.#calls = new Map(plugins.flatMap(({ clouds, calls }) => {
      return calls.map((call) => [call, labelsOf(clouds[0] ?? OTHER, call)] as const);
    }));
  }

  cloudOfKind(kind: string): string {
    return this.#kinds.get(kind) ?? OTHER;
  }

  call(name: string): CallLabels {
    return this.#calls.get(name) ?? { cloud: OTHER, service: OTHER, operation: OTHER };
  }
}

function labelsOf(cloud: string, call: string): CallLabels {
  const colon = call.indexOf(":");
  return { cloud, service: call.slice(0, Math.max(colon, 0)), operation: call.slice(colon + 1) };
}
