/** Mark of a value that does not fit its property. */
export class Misfit {}

const MISFIT = new Misfit();
const LARGEST_INT64 = 2n ** 63n;

/**
 * A value as a property's type wants it. Numbers and texts that say the same are taken for each
 * other, a time without zone is UTC, a number as time counts seconds since the epoch; empty members
 * of lists and dictionaries are left out.
 */
export function toType(value: unknown, type: string): unknown {
  if (type.endsWith("[]")) return toList(value, type.slice(0, -2));
  switch (type) {
    case "string":
      return isText(value) ? String(value) : MISFIT;
    case "int32":
    case "int64":
      return toInteger(value);
    case "double":
    case "float":
      return typeof value === "number" && Number.isFinite(value) ? value : MISFIT;
    case "boolean":
      return typeof value === "boolean" ? value : MISFIT;
    case "datetime":
      return toTime(value);
    case "dictionary[string, string]":
      return toTexts(value);
    default:
      return MISFIT;
  }
}

function isText(value: unknown): value is string | number | bigint {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint";
}

function toInteger(value: unknown): unknown {
  if (typeof value === "bigint") return abs(value) < LARGEST_INT64 ? value : MISFIT;
  if (typeof value === "string" && /^-?\d{1,15}$/.test(value)) return Number(value);
  return typeof value === "number" && Number.isSafeInteger(value) ? value : MISFIT;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function toTime(value: unknown): unknown {
  if (typeof value === "number") return valid(new Date(value * 1_000));
  if (typeof value !== "string") return MISFIT;
  const text = value.trim();
  if (/^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/.test(text)) {
    return valid(new Date(`${text.replace(" ", "T")}Z`));
  }
  return valid(new Date(text));
}

function valid(date: Date): Date | Misfit {
  return Number.isNaN(date.getTime()) ? MISFIT : date;
}

function toList(value: unknown, type: string): unknown {
  if (!Array.isArray(value)) return MISFIT;
  const parts = value.filter((part) => part !== null && part !== undefined)
    .map((part) => toType(part, type));
  return parts.some((part) => part instanceof Misfit) ? MISFIT : parts;
}

function toTexts(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return MISFIT;
  const texts: Record<string, string> = {};
  for (const [key, part] of Object.entries(value)) {
    if (part === null || part === undefined) continue;
    if (!isText(part) && typeof part !== "boolean") return MISFIT;
    texts[key] = String(part);
  }
  return texts;
}
