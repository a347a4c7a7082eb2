import { GraphError } from "../errors/mod.ts";
import { BASE_KINDS } from "./base_kinds.ts";
import type { Kind, Property, PropertyDefault } from "./model.ts";

/** Place in the hierarchy above every node. */
export type Level = "cloud" | "account" | "region" | "zone";

const LEVEL_KINDS: readonly (readonly [string, Level])[] = [
  ["base_cloud", "cloud"],
  ["account", "account"],
  ["region", "region"],
  ["zone", "zone"],
];

/** All kinds by name, the base kinds always among them, with what follows from their bases. */
export class KindIndex {
  readonly #kinds = new Map<string, Kind>();
  readonly #lineage = new Map<string, ReadonlySet<string>>();
  readonly #derived = new Map<string, readonly string[]>();

  /**
   * @param kinds kinds of the plugins; base kinds need not be given
   * @throws GraphError when a name is given twice or a base is unknown or leads back to its kind
   */
  constructor(kinds: Iterable<Kind>) {
    for (const kind of BASE_KINDS) this.#kinds.set(kind.name, kind);
    for (const kind of kinds) this.#register(kind);
    for (const name of this.#kinds.keys()) this.#lineage.set(name, this.#linearize(name, []));
  }

  #register(kind: Kind): void {
    const known = this.#kinds.get(kind.name);
    if (known !== undefined && known !== kind) {
      throw new GraphError("duplicate", `kind ${kind.name} is declared twice`, {
        context: { kind: kind.name },
        hint: "Rename one of the two: kind names are global over all plugins.",
      });
    }
    this.#kinds.set(kind.name, kind);
  }

  /** Bases before the kinds that build on them, the last named base first: order of properties. */
  #linearize(name: string, path: readonly string[]): ReadonlySet<string> {
    const known = this.#lineage.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) {
      throw new GraphError("mapping", `kind ${name} is a base of itself: ${path.join(" > ")}`);
    }
    const order = new Set<string>();
    for (const base of this.require(name).bases.toReversed()) {
      for (const each of this.#linearize(base, [...path, name])) order.add(each);
    }
    return order.add(name);
  }

  /** All kinds: base kinds first, then those given, in their order. */
  all(): Iterable<Kind> {
    return this.#kinds.values();
  }

  get(name: string): Kind | undefined {
    return this.#kinds.get(name);
  }

  /** @throws GraphError when there is no such kind */
  require(name: string): Kind {
    const kind = this.#kinds.get(name);
    if (kind === undefined) {
      throw new GraphError("unknown_kind", `kind ${name} is not declared in any model`, {
        context: { kind: name },
        hint: "Declare it in the model of its plugin.",
      });
    }
    return kind;
  }

  /**
   * The kind itself and all its bases, each after its own bases: the order of their properties.
   * @throws GraphError when there is no such kind
   */
  lineage(name: string): ReadonlySet<string> {
    return this.#lineage.get(this.require(name).name) ?? new Set();
  }

  /** Whether a kind is, or derives from, another. An unknown kind derives from nothing. */
  is(name: string, base: string): boolean {
    return this.#lineage.get(name)?.has(base) ?? false;
  }

  /** The kind itself and all kinds that derive from it, in the order of {@link all}. */
  derived(name: string): readonly string[] {
    let derived = this.#derived.get(name);
    if (derived === undefined) {
      derived = [...this.#kinds.keys()].filter((each) => this.is(each, name));
      this.#derived.set(name, derived);
    }
    return derived;
  }

  /** Whether nodes of this kind are clouds, accounts, regions or zones of others. */
  level(name: string): Level | undefined {
    return LEVEL_KINDS.find(([base]) => this.is(name, base))?.[1];
  }

  /**
   * All properties, inherited ones included, in the order in which a node reports them. A property
   * that is declared again keeps its place.
   */
  properties(name: string): readonly Property[] {
    const properties = new Map<string, Property>();
    const volatile = new Set<string>();
    for (const each of this.lineage(name)) {
      const kind = this.require(each);
      for (const property of kind.properties) properties.set(property.name, property);
      for (const property of kind.volatile ?? []) volatile.add(property);
    }
    return [...properties.values()].map((property) =>
      volatile.has(property.name) ? { ...property, volatile: true } : property
    );
  }

  /** Values that a node of this kind reports where the cloud gives none, by property. */
  defaults(name: string): Readonly<Record<string, PropertyDefault>> {
    return Object.fromEntries(
      this.properties(name).flatMap(({ name, default: value }) =>
        value === undefined ? [] : [[name, value]]
      ),
    );
  }

  /** Whether every node of this kind is phantom; what derives from a phantom kind is one. */
  isPhantom(name: string): boolean {
    return [...this.lineage(name)].some((each) => this.require(each).phantom === true);
  }
}
