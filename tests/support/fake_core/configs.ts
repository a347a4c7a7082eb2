import type { JsonObject } from "./json.ts";

/** One configuration document. */
export interface StoredConfig {
  readonly revision: string;
  readonly raw: JsonObject;
  readonly overrides: JsonObject;
  /** With overrides and variables put in. */
  readonly effective: JsonObject;
}

/** Parts of a configuration as a test gives them. */
export interface ConfigParts {
  readonly raw?: JsonObject;
  readonly overrides?: JsonObject;
}

/** Configuration documents of the newer core. */
export class Configs {
  readonly #all = new Map<string, StoredConfig>();
  #revision = 0;

  get(id: string): StoredConfig | undefined {
    return this.#all.get(id);
  }

  ids(): readonly string[] {
    return [...this.#all.keys()];
  }

  set(id: string, effective: JsonObject, parts: ConfigParts = {}): StoredConfig {
    const config = {
      revision: `_c${++this.#revision}`,
      effective,
      raw: parts.raw ?? effective,
      overrides: parts.overrides ?? {},
    };
    this.#all.set(id, config);
    return config;
  }

  clear(): void {
    this.#all.clear();
  }

  toJSON(): readonly (readonly [string, StoredConfig])[] {
    return [...this.#all];
  }

  load(saved: readonly (readonly [string, StoredConfig])[]): void {
    for (const [id, config] of saved) this.#all.set(id, config);
    this.#revision = saved.length;
  }
}

/** The answer to a request for a configuration: the document alone, or with what it is made of. */
export function configAnswer(config: StoredConfig, parameters: URLSearchParams): Response {
  const isSet = (name: string) => parameters.get(name)?.toLowerCase() === "true";
  const document = isSet("apply_overrides") ? config.effective : config.raw;
  const body = isSet("separate_overrides")
    ? {
      config: document,
      overrides: config.overrides,
      ...(isSet("include_raw_config") ? { raw_config: config.raw } : {}),
    }
    : document;
  return Response.json(body, { headers: { "Fix-Config-Revision": config.revision } });
}
