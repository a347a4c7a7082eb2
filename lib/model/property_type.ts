import type { PropertyType } from "./model.ts";

/** Types that every core knows by itself. */
export const SIMPLE_TYPES: ReadonlySet<PropertyType> = new Set([
  "string",
  "int32",
  "int64",
  "float",
  "double",
  "any",
  "boolean",
  "date",
  "datetime",
  "duration",
  "trafo.duration_to_datetime",
]);

/** How a type is made: of an array's elements, of a dictionary's keys and values, or by name. */
export type TypeForm =
  | { readonly form: "array"; readonly of: PropertyType }
  | { readonly form: "dictionary"; readonly key: PropertyType; readonly of: PropertyType }
  | { readonly form: "name"; readonly name: string };

const DICTIONARY = /^dictionary\[(?<key>[^,[\]]+), (?<of>.+)\]$/;

/** Takes one layer of a type off. */
export function typeForm(type: PropertyType): TypeForm {
  if (type.endsWith("[]")) return { form: "array", of: type.slice(0, -2) };
  const { key, of } = DICTIONARY.exec(type)?.groups ?? {};
  if (key !== undefined && of !== undefined) return { form: "dictionary", key, of };
  return { form: "name", name: type };
}

/** Names of the kinds that a type is made of: `dictionary[string, x[]]` of `string` and `x`. */
export function innerKinds(type: PropertyType): readonly string[] {
  const form = typeForm(type);
  if (form.form === "name") return [form.name];
  if (form.form === "array") return innerKinds(form.of);
  return [...innerKinds(form.key), ...innerKinds(form.of)];
}

/** The type with its innermost kind replaced. */
export function withInnerKind(
  type: PropertyType,
  replace: (name: string) => PropertyType,
): PropertyType {
  const form = typeForm(type);
  if (form.form === "name") return replace(form.name);
  if (form.form === "array") return `${withInnerKind(form.of, replace)}[]`;
  return `dictionary[${form.key}, ${withInnerKind(form.of, replace)}]`;
}

/** The innermost kind of the values. */
export function valueKind(type: PropertyType): string {
  const form = typeForm(type);
  return form.form === "name" ? form.name : valueKind(form.of);
}
