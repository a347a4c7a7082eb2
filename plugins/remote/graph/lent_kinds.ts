import { KindIndex, type LentCloud, type Level } from "ckworker";

/** A kind of which a file may hold nodes. */
export interface LentKind {
  readonly name: string;
  /** Small number, for tables. */
  readonly number: number;
  readonly level: Level | undefined;
}

/** Everything that the host takes: clouds, and the kinds of each. */
export class LentKinds {
  readonly index: KindIndex;
  readonly #names: string[] = [];
  readonly #byCloud: ReadonlyMap<string, ReadonlyMap<string, LentKind>>;

  constructor(lent: readonly LentCloud[]) {
    // A plugin with several clouds lends the same kinds with each.
    const all = new Map(lent.flatMap(({ kinds }) => kinds.map((kind) => [kind.name, kind])));
    this.index = new KindIndex(all.values());
    this.#byCloud = new Map(lent.map(({ cloud, kinds }) => [
      cloud,
      new Map(
        kinds.filter(({ nested }) => nested !== true).map(({ name }) => [name, this.#kind(name)]),
      ),
    ]));
  }

  get clouds(): readonly string[] {
    return [...this.#byCloud.keys()];
  }

  has(cloud: string): boolean {
    return this.#byCloud.has(cloud);
  }

  /** Undefined when the cloud has no such kind. */
  find(cloud: string, kind: string): LentKind | undefined {
    return this.#byCloud.get(cloud)?.get(kind);
  }

  /** Name of a kind by its number. */
  name(number: number): string {
    return this.#names[number] ?? "";
  }

  /** Whether a reference to the kind may find nodes of another that derives from it. */
  hasDerived(kind: string): boolean {
    return this.index.derived(kind).length > 1;
  }

  #kind(name: string): LentKind {
    const number = this.#names.push(name) - 1;
    return { name, number, level: this.index.level(name) };
  }
}
