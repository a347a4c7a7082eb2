/** Where an option may be given, the strongest first; `core` is a document that a core keeps for us. */
export const SOURCES = ["flag", "variable", "file", "core"] as const;

/** What one source says about an option, not yet read as a value. */
export interface Given {
  /** One text, or for lists any number of them. */
  readonly texts: readonly string[];
  /** How to name it in an error: `--pool-size`, `CKWORKER_POOL_SIZE`, `file.yaml:3: pool-size`. */
  readonly origin: string;
  readonly source: typeof SOURCES[number];
}

/** What one source says, by option name. */
export type GivenOptions = ReadonlyMap<string, Given>;
