import type { Value } from "../tree.ts";

/** A literal; text is always quoted. */
export function printValue(value: Value): string {
  if (typeof value === "string") return printText(value);
  if (typeof value === "number") return printNumber(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (isList(value)) return `[${value.map(printValue).join(", ")}]`;
  const entries = Object.entries(value)
    .map(([key, inner]) => `${printText(key)}: ${printValue(inner)}`);
  return `{${entries.join(", ")}}`;
}

/**
 * Only quotes and back slashes are escaped: other characters stand for themselves in both
 * generations.
 */
export function printText(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** A name, quoted where it has to be. */
export function printName(name: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) ? name : printText(name);
}

/** Without exponent, which the language does not know. */
export function printNumber(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  const { sign = "", whole = "", part = "", exponent } =
    /^(?<sign>-?)(?<whole>\d)(?:\.(?<part>\d+))?e(?<exponent>[-+]\d+)$/.exec(text)?.groups ?? {};
  if (exponent === undefined) return text;
  const power = Number(exponent);
  const digits = whole + part;
  return power < 0
    ? `${sign}0.${"0".repeat(-power - 1)}${digits}`
    : `${sign}${digits.padEnd(power + 1, "0")}`;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
