/** Order of types: null, truth values, numbers, text, arrays, objects. */
const RANKS = ["null", "boolean", "number", "string", "array", "object"];

/** -1, 0 or 1 for two JSON texts, by type and then by value; null stands for a missing one. */
export function orderJson(a: string | null, b: string | null): number {
  return orderValues(parsed(a), parsed(b));
}

function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

function orderValues(a: unknown, b: unknown): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0) return Math.sign(ranks);
  if (Array.isArray(a) && Array.isArray(b)) return orderLists(a, b);
  if (isRecord(a) && isRecord(b)) return orderRecords(a, b);
  if (typeof a === "string" && typeof b === "string") return orderTexts(a, b);
  return Math.sign(Number(a) - Number(b));
}

/** By code points, as SQLite orders UTF-8. */
function orderTexts(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at < 0) return Math.sign(left.length - right.length);
  return Math.sign((left[at]?.codePointAt(0) ?? -1) - (right[at]?.codePointAt(0) ?? -1));
}

function orderLists(a: readonly unknown[], b: readonly unknown[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = orderValues(a[index] ?? null, b[index] ?? null);
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

type JsonRecord = Readonly<Record<string, unknown>>;

function orderRecords(a: JsonRecord, b: JsonRecord): number {
  for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted()) {
    const order = orderValues(a[key] ?? null, b[key] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function rankOf(value: unknown): number {
  if (value === null) return 0;
  return RANKS.indexOf(Array.isArray(value) ? "array" : typeof value);
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
