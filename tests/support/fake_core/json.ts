/** A JSON object whose values are still to be looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object inside an object; an empty one when there is none. */
export function section(of: JsonObject | undefined, name: string): JsonObject {
  const value = of?.[name];
  return isObject(value) ? value : {};
}

export function stringAt(of: JsonObject, name: string): string | undefined {
  const value = of[name];
  return typeof value === "string" ? value : undefined;
}

/** Merges objects key by key, all the way down; lists and other values are replaced. */
export function deepMerge(old: JsonObject, fresh: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...old };
  for (const [key, value] of Object.entries(fresh)) {
    const known = merged[key];
    merged[key] = isObject(known) && isObject(value) ? deepMerge(known, value) : value;
  }
  return merged;
}

/** The same text for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner) =>
      isObject(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
        : inner,
  ) ?? "";
}
