import { distinct, fold } from "./fold.ts";

/**
 * Ids of repositories. One that was asked for by name has its name as id; names are unique within
 * an owner only, so of several with the same name the first has it, and all others, those of
 * organisations among them, have their full name. Nothing but the options decides, so that an id
 * does not change with what else is found.
 */
export class RepoIds {
  /** Folded full names whose id is the name alone. */
  readonly #short: ReadonlySet<string>;

  /** @param asked repositories that were asked for, as owner/name */
  constructor(asked: readonly string[]) {
    const first = new Map<string, string>();
    for (const fullName of distinct(asked)) {
      const name = fold(fullName.split("/")[1] ?? "");
      if (!first.has(name)) first.set(name, fold(fullName));
    }
    this.#short = new Set(first.values());
  }

  /** Whether the id of a repository is its name alone. */
  isShort(fullName: string): boolean {
    return this.#short.has(fold(fullName));
  }

  /** Id of the repository with this full name. */
  of(fullName: string): string {
    return this.isShort(fullName) ? fullName.split("/")[1] ?? fullName : fullName;
  }
}
