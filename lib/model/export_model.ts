import type { KindIndex } from "./kind_index.ts";
import type { Kind, Property, PropertyType } from "./model.ts";
import { innerKinds, withInnerKind } from "./property_type.ts";

/** A property as a core is told it. */
export interface ExportedProperty {
  readonly name: string;
  readonly kind: string;
  readonly required: boolean;
  readonly description: string;
  readonly synthetic?: { readonly path: readonly string[] };
}

/** A kind as a core is told it. */
export interface ExportedKind {
  readonly fqn: string;
  readonly bases: readonly string[];
  readonly properties: readonly ExportedProperty[];
}

/**
 * The model as the first generation of cores takes it (`PATCH /model`): the given kinds, all their
 * bases, and the nested kinds of their properties, in the order of the index.
 * @param names kinds to start from; all when absent
 * @throws GraphError when a kind is unknown
 */
export function exportModel(index: KindIndex, names?: Iterable<string>): readonly ExportedKind[] {
  const all = [...index.all()];
  if (names === undefined) return all.map(exportKind);
  const wanted = closure(index, names);
  return all.filter((kind) => wanted.has(kind.name)).map(exportKind);
}

function closure(index: KindIndex, names: Iterable<string>): ReadonlySet<string> {
  const wanted = new Set<string>(names);
  // A set yields what is added while it is walked.
  for (const name of wanted) {
    const kind = index.require(name);
    for (const base of kind.bases) wanted.add(base);
    for (const { type } of kind.properties) {
      for (const inner of innerKinds(type)) if (index.get(inner) !== undefined) wanted.add(inner);
    }
  }
  return wanted;
}

function exportKind(kind: Kind): ExportedKind {
  return { fqn: kind.name, bases: kind.bases, properties: kind.properties.map(exportProperty) };
}

function exportProperty(property: Property): ExportedProperty {
  const { name, type, required = false, description, synthetic } = property;
  if (synthetic === undefined) {
    return { name, kind: exportType(type), required, description: description ?? "" };
  }
  const text = `Synthetic prop ${type} on ${synthetic.join(".")}`;
  return {
    name,
    kind: type,
    required,
    description: description ?? text,
    synthetic: { path: synthetic },
  };
}

/** Spans of time are text to this generation of cores: it does not read them as Python prints them. */
function exportType(type: PropertyType): PropertyType {
  return withInnerKind(type, (name) => name === "duration" ? "string" : name);
}
