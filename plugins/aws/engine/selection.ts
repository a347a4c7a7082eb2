import type { Optional } from "../resource.ts";

/** Optional parts that `--aws-collect` does not have to name. */
const ON_UNLESS_LEFT_OUT: ReadonlySet<string> = new Set(["metrics", "prices", "quotas"]);

/** Which collectors and optional parts a run wants. */
export class Selection {
  readonly #only: ReadonlySet<string>;
  readonly #without: ReadonlySet<string>;

  /** @param only empty: all of them */
  constructor(only: readonly string[], without: readonly string[]) {
    this.#only = new Set(only);
    this.#without = new Set(without);
  }

  /** Nothing is left out. */
  get all(): boolean {
    return this.#only.size === 0 && this.#without.size === 0;
  }

  /** Whether a collector, by its name in declarations, or an optional part is wanted. */
  wants(name: string | Optional): boolean {
    if (this.#without.has(name)) return false;
    return this.#only.size === 0 || ON_UNLESS_LEFT_OUT.has(name) || this.#only.has(name);
  }
}
