import { type KindIndex, type PropertyType, SIMPLE_TYPES, typeForm } from "../../model/mod.ts";

/** Properties that stand in a line's header. */
const IN_HEADER: ReadonlySet<string> = new Set(["kind", "id", "name"]);

/**
 * The properties of a node that a core answered, as a line would bring them: those that the kind
 * declares and whose value fits, in the model's order. What the core computes itself is left out.
 */
export function toldBody(
  kinds: KindIndex,
  kind: string,
  reported: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return fitting(kinds, kind, reported, IN_HEADER);
}

function fitting(
  kinds: KindIndex,
  kind: string,
  given: Readonly<Record<string, unknown>>,
  without: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    kinds.properties(kind).flatMap(({ name, type, synthetic }) => {
      if (synthetic !== undefined || without.has(name) || !Object.hasOwn(given, name)) return [];
      const value = fit(kinds, type, given[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The value as the type allows it; undefined where it does not. */
function fit(kinds: KindIndex, type: PropertyType, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  const form = typeForm(type);
  if (form.form === "array") {
    if (!Array.isArray(value)) return undefined;
    return value.map((each) => fit(kinds, form.of, each)).filter((each) => each !== undefined);
  }
  if (form.form === "dictionary") {
    return isRecord(value)
      ? Object.fromEntries(
        Object.entries(value).flatMap(([key, each]) => {
          const fitted = fit(kinds, form.of, each);
          return fitted === undefined ? [] : [[key, fitted]];
        }),
      )
      : undefined;
  }
  if (SIMPLE_TYPES.has(form.name)) return isSimple(form.name, value) ? value : undefined;
  if (kinds.get(form.name) === undefined || !isRecord(value)) return undefined;
  return fitting(kinds, form.name, value, NONE);
}

const NONE: ReadonlySet<string> = new Set();

function isSimple(type: string, value: unknown): boolean {
  switch (type) {
    case "any":
      return true;
    case "boolean":
      return typeof value === "boolean";
    case "int32":
    case "int64":
      return Number.isInteger(value);
    case "float":
    case "double":
      return typeof value === "number";
    default:
      return typeof value === "string";
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
