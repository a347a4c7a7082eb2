import { BASE_KINDS } from "./base_kinds.ts";
import type { Kind, PropertyType } from "./model.ts";
import { compatible, propertyPaths } from "./property_paths.ts";
import { valueKind } from "./property_type.ts";

/** Type by path of every property of every kind: names are global at a core. */
export type PropertyRegistry = ReadonlyMap<string, PropertyType>;

/** Properties by kind of plugins that are yet to come; their names are taken. */
export type ReservedProperties = Readonly<Record<string, Readonly<Record<string, PropertyType>>>>;

/**
 * Adds all paths of the base kinds, the reserved ones and those of the given kinds to what was
 * released before. A path that has a type keeps it, unless that is `any`.
 */
export function buildRegistry(
  released: PropertyRegistry,
  reserved: ReservedProperties,
  kinds: readonly Kind[],
): PropertyRegistry {
  const registry = new Map(released);
  const all = [...BASE_KINDS, ...reservedKinds(reserved), ...kinds];
  const byName = new Map(all.map((kind) => [kind.name, kind]));
  for (const kind of all) {
    for (const { path, type } of propertyPaths(kind, byName)) {
      const known = registry.get(path);
      if (known === undefined || valueKind(known) === "any") registry.set(path, type);
    }
  }
  return registry;
}

/** Reserved properties in the form of kinds, to be checked with the others. */
export function reservedKinds(reserved: ReservedProperties): readonly Kind[] {
  return Object.entries(reserved).map(([name, properties]) => ({
    name,
    bases: [],
    properties: Object.entries(properties).map(([name, type]) => ({ name, type })),
  }));
}

/**
 * A name for a property that is derived from a cloud's API. A name that is taken with another type
 * gets the last word of its kind in front (`cluster_status`), then the word before it, and so on.
 * @param kind kind of the node
 * @param path where the property would be; names of nested properties are checked both at their
 * path and alone, because a core treats a nested kind like any other
 * @param type type with nested kinds given as `object`
 * @returns the last part of the path: the name as it is, or with its prefix
 */
export function chooseName(
  registry: PropertyRegistry,
  kind: string,
  path: string,
  type: PropertyType,
): string {
  const dot = path.lastIndexOf(".") + 1;
  const parent = path.slice(0, dot);
  const name = path.slice(dot);
  const words = kind.split("_");
  for (let from = words.length; from > 0; from--) {
    const candidate = [...words.slice(from), name].join("_");
    if (isFree(registry, [parent + candidate, candidate], type)) return candidate;
  }
  return [kind, name].join("_");
}

function isFree(
  registry: PropertyRegistry,
  paths: readonly string[],
  type: PropertyType,
): boolean {
  return paths.every((path) => compatible(registry.get(path) ?? type, type));
}
