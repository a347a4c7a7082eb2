import type { CoreDialect } from "./dialect.ts";
import type { CompareOp, Term } from "./query_text.ts";
import { refuse } from "./refusal.ts";

type Comparison = Extract<Term, { type: "compare" }>;

/** Ages by the date that they are counted from. */
const AGES: ReadonlyMap<string, string> = new Map([
  ["age", "ctime"],
  ["last_update", "mtime"],
  ["last_access", "atime"],
]);
/** An older thing is the greater age and the smaller date. */
const TURNED: ReadonlyMap<CompareOp, CompareOp> = new Map([
  ["<", ">"],
  ["<=", ">="],
  [">", "<"],
  [">=", "<="],
]);

/** Whether a comparison holds; a missing property is null. */
export function compare(
  { path, op, value }: Comparison,
  valueAt: (path: readonly string[]) => unknown,
  { dialect, now }: { readonly dialect: CoreDialect; readonly now: number },
): boolean {
  const date = AGES.get(path.at(-1) ?? "");
  if (date === undefined || path.length !== 2 || value === null) {
    return holds(valueAt(path), op, value);
  }
  const span = durationMs(String(value));
  if (span === undefined) throw unread(String(value), dialect);
  const then = new Date(now - span).toISOString().slice(0, 19);
  const found = valueAt([...path.slice(0, -1), date]);
  return found !== null && holds(found, TURNED.get(op) ?? op, `${then}Z`);
}

/** `<`, `<=` and `not in` do not hold for what is missing; `!=` does. */
function holds(value: unknown, op: CompareOp, wanted: unknown): boolean {
  const isIn = () => Array.isArray(wanted) && wanted.some((each) => isEqual(value, each));
  switch (op) {
    case "==":
      return isEqual(value, wanted);
    case "!=":
      return !isEqual(value, wanted);
    case "in":
      return value !== null && isIn();
    case "not in":
      return value !== null && !isIn();
    case "<":
      return value !== null && order(value, wanted) < 0;
    case "<=":
      return value !== null && order(value, wanted) <= 0;
    case ">":
      return order(value, wanted) > 0;
    case ">=":
      return order(value, wanted) >= 0;
  }
}

/** A text property takes numbers as text. */
function isEqual(value: unknown, wanted: unknown): boolean {
  return value === wanted ||
    (typeof value === "string" && typeof wanted === "number" && value === String(wanted));
}

/** Null goes before everything, values of different types are told apart by these. */
function order(left: unknown, right: unknown): number {
  const difference = rank(left) - rank(right);
  if (difference !== 0) return difference;
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [a, b] = [String(left), String(right)];
  return a === b ? 0 : a < b ? -1 : 1;
}

function rank(value: unknown): number {
  if (value === null || value === undefined) return 0;
  return ["boolean", "number", "string"].indexOf(typeof value) + 1 ||
    (Array.isArray(value) ? 4 : 5);
}

/** Seconds by unit, as far as both generations agree on how they are written. */
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Milliseconds; undefined for what is no duration. */
export function durationMs(text: string): number | undefined {
  const pairs = [...text.matchAll(/(\d+)([a-zA-Z]+)/g)];
  const whole = pairs.map(([pair]) => pair).join("");
  if (pairs.length === 0 || whole !== text.replaceAll(" ", "")) return undefined;
  return pairs.reduce<number | undefined>((sum, [, count, unit = ""]) => {
    const seconds = SECONDS[unit];
    return seconds === undefined || sum === undefined
      ? undefined
      : sum + Number(count) * seconds * 1_000;
  }, 0);
}

function unread(text: string, dialect: CoreDialect) {
  const error = dialect === "ckcore" ? "AttributeError" : "ParseError";
  return refuse(error, `Expected duration but got: ${text}`);
}
