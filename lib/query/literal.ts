import { type PropertyType, typeForm } from "../model/mod.ts";
import { dateText, normalDate } from "./date.ts";
import { parseDuration } from "./duration.ts";
import type { Value } from "./tree.ts";

const NUMBERS: ReadonlySet<string> = new Set(["int32", "int64", "float", "double"]);

/** A literal that its property cannot be compared with. */
export class LiteralFault extends Error {}

/**
 * Reads a literal as its property's type wants it: text for a string, a number for a number, a
 * date for a date, where a duration is now and the duration. Null and what no model describes stay
 * as they are.
 * @throws LiteralFault when the text is no number or date
 */
export function readLiteral(value: Value, type: PropertyType | undefined, now: Date): Value {
  if (value === null || typeof value === "object" || type === undefined) return value;
  if (typeForm(type).form !== "name") return value;
  if (type === "string") return String(value);
  if (type === "boolean") return String(value).toLowerCase() === "true";
  if (type === "datetime" || type === "date") return readDate(String(value), type, now);
  if (NUMBERS.has(type)) return readNumber(value);
  return value;
}

/** Length in milliseconds of a literal that an age is compared with. @throws LiteralFault */
export function readAge(value: Value): number {
  const length = typeof value === "string" ? parseDuration(value) : undefined;
  if (length !== undefined) return length;
  throw new LiteralFault(
    `expected a duration such as 2d or 3h30m but got ${JSON.stringify(value)}`,
  );
}

function readNumber(value: string | number | boolean): number {
  const number = typeof value === "string" && value.trim() === "" ? NaN : Number(value);
  if (!Number.isNaN(number)) return number;
  throw new LiteralFault(`expected a number but got ${JSON.stringify(value)}`);
}

function readDate(text: string, type: "datetime" | "date", now: Date): string {
  const length = parseDuration(text);
  const time = normalDate(text) ??
    (length === undefined ? undefined : dateText(now.getTime() + length));
  if (time !== undefined) return type === "date" ? time.slice(0, 10) : time;
  throw new LiteralFault(
    `expected a time such as 2026-01-31T12:00:00Z or a duration such as -2d but got ${
      JSON.stringify(text)
    }`,
  );
}
