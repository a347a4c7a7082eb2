import type { Kind, PropertyType } from "./model.ts";
import { typeForm, valueKind, withInnerKind } from "./property_type.ts";

/** Stands for the name of any nested kind: what is below it has paths of its own. */
export const NESTED = "object";

/** One property at its full path, as queries spell it without brackets: `state.code`. */
export interface PropertyPath {
  readonly path: string;
  /** Type with nested kinds replaced by {@link NESTED}: `string`, `object[]`. */
  readonly type: PropertyType;
}

/**
 * Own properties of a kind and those of the nested kinds inside them, each at its path. A nested
 * kind that contains itself is followed once.
 * @param kinds kinds by name, to find nested ones
 */
export function propertyPaths(kind: Kind, kinds: ReadonlyMap<string, Kind>): PropertyPath[] {
  return walk(kind, "", kinds, [kind.name]);
}

function walk(
  kind: Kind,
  prefix: string,
  kinds: ReadonlyMap<string, Kind>,
  inside: readonly string[],
): PropertyPath[] {
  return kind.properties.flatMap(({ name, type }) => {
    const path = `${prefix}${name}`;
    const nested = kinds.get(valueKind(type));
    if (nested === undefined) return [{ path, type }];
    const own = { path, type: withInnerKind(type, () => NESTED) };
    if (inside.includes(nested.name)) return [own];
    return [own, ...walk(nested, `${path}${keys(type)}.`, kinds, [...inside, nested.name])];
  });
}

/** A dictionary puts any key between its own path and those of its values. */
function keys(type: PropertyType): string {
  const form = typeForm(type);
  if (form.form === "name") return "";
  return (form.form === "dictionary" ? ".*" : "") + keys(form.of);
}

/** Whether one path may have both types at a core: `any` goes with everything of its shape. */
export function compatible(left: PropertyType, right: PropertyType): boolean {
  return left === right || isAny(left) || isAny(right);
}

function isAny(type: PropertyType): boolean {
  return valueKind(type) === "any";
}
