import type { Operator, Path, Predicate, Term, Value } from "../../../lib/query/mod.ts";
import { lengthInMs, type Plain, type PlainDocument, type PlainWorld } from "./plain_world.ts";

/** Types of the properties that tests ask for; the others take any value. */
const TYPES: Readonly<Record<string, "string" | "number" | "boolean" | "datetime">> = {
  kind: "string",
  id: "string",
  name: "string",
  label: "string",
  labels: "string",
  cidr: "string",
  owner: "string",
  "my key": "string",
  ip: "string",
  size: "number",
  from: "number",
  open: "boolean",
  clean: "boolean",
  protected: "boolean",
  phantom: "boolean",
  stale: "boolean",
  made: "datetime",
  ctime: "datetime",
  mtime: "datetime",
  expires: "datetime",
};
const AGES: Readonly<Record<string, string>> = { age: "ctime", last_update: "mtime" };

const TURNED: Readonly<Partial<Record<Operator, Operator>>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

export function holds(term: Term, node: number, world: PlainWorld): boolean {
  const found = world.nodes[node];
  if (found === undefined) throw new RangeError(`no node ${node}`);
  switch (term.type) {
    case "all":
      return true;
    case "and":
      return holds(term.left, node, world) && holds(term.right, node, world);
    case "or":
      return holds(term.left, node, world) || holds(term.right, node, world);
    case "not":
      return !holds(term.term, node, world);
    case "is":
      return term.kinds.some((kind) => found.kinds.has(kind));
    case "id":
      return found.document._key === term.id;
    case "has_key":
      return valuesAt(term.path, node, world).some((value) =>
        term.keys.every((key) => isRecord(value) && value[key] !== undefined)
      );
    case "in_subnet":
      return valuesAt(term.path, node, world).some((value) => isInNet(value, term.net));
    case "has_desired_change": {
      const [wanted] = valuesAt([{ name: "desired" }, ...term.path.slice(1)], node, world);
      const [now] = valuesAt(term.path, node, world);
      return wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(now);
    }
    case "context":
      return valuesAt(term.path, node, world).some((value) => holdsFor(term.term, value, world));
    case "predicate":
      return predicate(term, (path) => valuesAt(path, node, world), true, world.now);
    case "text":
      throw new TypeError("full text is not evaluated");
  }
}

/** A term on an element of an array. */
function holdsFor(term: Term, element: Plain, world: PlainWorld): boolean {
  switch (term.type) {
    case "and":
      return holdsFor(term.left, element, world) && holdsFor(term.right, element, world);
    case "or":
      return holdsFor(term.left, element, world) || holdsFor(term.right, element, world);
    case "not":
      return !holdsFor(term.term, element, world);
    case "predicate":
      return predicate(term, (path) => below(element, path), false, world.now);
    default:
      throw new TypeError(`${term.type} is not evaluated on elements`);
  }
}

function predicate(
  { path, filter, op, value }: Predicate,
  values: (path: Path) => readonly Plain[],
  typed: boolean,
  now: Date,
): boolean {
  const name = path.at(-1)?.name ?? "";
  const date = typed ? AGES[name] : undefined;
  if (date !== undefined) {
    const turned = TURNED[op] ?? op;
    const limit = value === null ? null : dateFor(-(lengthInMs(String(value)) ?? NaN), now);
    return values([...path.slice(0, -1), { name: date }])
      .some((own) => test(own, turned, limit));
  }
  const isPattern = op === "=~" || op === "!~";
  const wanted = typed && !isPattern ? converted(value, TYPES[name], now) : value;
  const found = values(path);
  if (filter === undefined) return found.some((own) => test(own, op, wanted));
  const lists = path.some(({ index }) => index === "*") ? [found] : found;
  return lists.some((list) => {
    if (!isList(list)) return false;
    if (filter === "any") return list.some((own) => test(own, op, wanted));
    if (filter === "all") return list.every((own) => test(own, op, wanted));
    return !list.some((own) => test(own, op, wanted));
  });
}

/** `<`, `<=`, `=~` and `not in` are false for what is missing. */
function test(own: Plain, op: Operator, value: Plain): boolean {
  const known = own !== undefined && own !== null;
  const list = isList(value) ? value : [value];
  switch (op) {
    case "==":
      return order(own, value) === 0;
    case "!=":
      return order(own, value) !== 0;
    case "<":
      return known && order(own, value) < 0;
    case "<=":
      return known && order(own, value) <= 0;
    case ">":
      return order(own, value) > 0;
    case ">=":
      return order(own, value) >= 0;
    case "in":
      return list.some((one) => order(own, one) === 0);
    case "not in":
      return known && !list.some((one) => order(own, one) === 0);
    case "=~":
      return matches(own, value);
    case "!~":
      return !matches(own, value);
  }
}

function matches(own: Plain, pattern: Plain): boolean {
  return (typeof own === "string" || typeof own === "number") &&
    new RegExp(String(pattern)).test(String(own));
}

/** Null, truth values, numbers, texts, lists, objects; within a type by value. */
export function order(a: Plain, b: Plain): number {
  const ranks = rank(a) - rank(b);
  if (ranks !== 0) return ranks;
  if (isList(a) && isList(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const result = order(a[index], b[index]);
      if (result !== 0) return result;
    }
    return a.length - b.length;
  }
  if (isRecord(a) && isRecord(b)) {
    for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
      const result = order(a[key], b[key]);
      if (result !== 0) return result;
    }
    return 0;
  }
  if (typeof a === "string" && typeof b === "string") {
    const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
    const at = left.findIndex((byte, index) => byte !== right[index]);
    return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
  }
  return Number(a ?? 0) - Number(b ?? 0);
}

function rank(value: Plain): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === "boolean") return 1;
  if (typeof value === "number") return 2;
  if (typeof value === "string") return 3;
  return Array.isArray(value) ? 4 : 5;
}

function converted(value: Value, type: string | undefined, now: Date): Plain {
  if (isList(value)) return value.map((one) => converted(one, type, now));
  if (value === null || typeof value === "object") return value;
  if (type === "string") return String(value);
  if (type === "number") return Number(value);
  if (type === "boolean") return String(value).toLowerCase() === "true";
  const ms = type === "datetime" ? lengthInMs(String(value)) : undefined;
  return ms === undefined ? value : dateFor(ms, now);
}

function dateFor(ms: number, now: Date): string {
  return `${new Date(now.getTime() + ms).toISOString().slice(0, 19)}Z`;
}

/** Values at a path: one, or as many as `*` finds. */
export function valuesAt(path: Path, node: number, world: PlainWorld): readonly Plain[] {
  const found = world.nodes[node];
  const [first, second, ...rest] = path;
  const other = (first?.name === "ancestors" || first?.name === "descendants") &&
    !(["cloud", "account", "region"].includes(second?.name ?? ""));
  if (!other) return below(found?.document, path);
  const nearest = nearestOf(second?.name ?? "", first.name === "ancestors", node, world);
  return nearest === undefined ? [undefined] : below(nearest.document, rest);
}

function nearestOf(
  kind: string,
  up: boolean,
  node: number,
  { nodes, edges }: PlainWorld,
): PlainDocument | undefined {
  let frontier = [node];
  for (let depth = 0; depth < nodes.length; depth++) {
    const next = new Set(
      frontier.flatMap((one) =>
        edges.filter(({ type }) => type === "dependency").flatMap(({ from, to }) =>
          up ? (to === one ? [from] : []) : (from === one ? [to] : [])
        )
      ),
    );
    frontier = [...next].sort((a, b) => a - b);
    const hit = frontier.find((one) => nodes[one]?.kinds.has(kind));
    if (hit !== undefined) return nodes[hit];
  }
  return undefined;
}

function below(value: Plain, [step, ...rest]: Path): readonly Plain[] {
  if (step === undefined) return [value];
  const inner = isRecord(value) ? value[step.name] : undefined;
  if (step.index === undefined) return below(inner, rest);
  const elements = isList(inner) ? inner : [];
  if (step.index === "*") return elements.flatMap((element) => below(element, rest));
  return below(elements[step.index], rest);
}

function isInNet(value: Plain, net: string): boolean {
  const [base = "", bits = "0"] = net.split("/");
  const binary = (text: string) =>
    text.split(".").map((part) => Number(part).toString(2).padStart(8, "0")).join("");
  return typeof value === "string" && /^\d+\.\d+\.\d+\.\d+$/.test(value) &&
    value.split(".").every((part) => Number(part) < 256) &&
    binary(value).slice(0, Number(bits)) === binary(base).slice(0, Number(bits));
}

function isRecord(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
