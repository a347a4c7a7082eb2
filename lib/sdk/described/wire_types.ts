/** What values of a type become; throws {@link Mismatch} for one of another type. */
export type WireType = (value: unknown) => unknown;

/** A value is not of its described type. */
export class Mismatch extends Error {}

/** How values of simple types come, as most APIs have them. */
export const WIRE_TYPES: Readonly<Record<string, WireType>> = {
  string: wireText,
  int64: (value) => Number.isSafeInteger(value) ? value : wireMismatch(),
  double: (value) => typeof value === "number" ? value : wireMismatch(),
  boolean: (value) => typeof value === "boolean" ? value : wireMismatch(),
  datetime: (value) => wireTime(wireText(value)),
  any: (value) => value,
};

/** @throws Mismatch */
export function wireText(value: unknown): string {
  return typeof value === "string" ? value : wireMismatch();
}

/**
 * A time of the API, RFC 3339.
 * @throws Mismatch
 */
export function wireTime(text: string): Date {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? wireMismatch() : date;
}

/** A list of which each value is converted. */
export function listOf(convert: WireType): WireType {
  return (value) => Array.isArray(value) ? value.map(convert) : wireMismatch();
}

/** A dictionary of which each value is converted. */
export function dictionaryOf(convert: WireType): WireType {
  return (value) =>
    Object.fromEntries(
      Object.entries(membersOf(value)).map(([key, each]) => [key, convert(each)]),
    );
}

/**
 * The members of an object.
 * @throws Mismatch
 */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wireMismatch();
  return Object.fromEntries(Object.entries(value));
}

/** @throws Mismatch */
export function wireMismatch(): never {
  throw new Mismatch("is of another type");
}
