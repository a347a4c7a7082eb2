/**
 * A second, plain reading of the query language over nodes in memory, written for clearness and not
 * for speed. It shares nothing with the compiler but the syntax tree.
 *
 * @module
 */
import type { Navigation, Part, Path, Query, SortKey, With } from "../../../lib/query/mod.ts";
import type { Plain, PlainWorld } from "./plain_world.ts";
import { holds, order, valuesAt } from "./evaluate_term.ts";

/** One node of an answer, by its number. */
export interface Hit {
  readonly node: number;
  readonly tag: string | null;
}

/** The answer's nodes in order. */
export function evaluate(query: Query, world: PlainWorld): readonly Hit[] {
  const tagged: Hit[] = [];
  let nodes: readonly number[] = world.nodes.map((_, index) => index);
  let sorted = false;
  for (const part of query.parts) {
    nodes = filterPart(part, nodes, world);
    sorted = part.sort.length > 0 || part.limit !== undefined || part.reversed;
    if (part.tag !== undefined) {
      const tag = part.tag;
      tagged.push(...nodes.map((node) => ({ node, tag })));
    }
    if (part.nav !== undefined) {
      nodes = reach(part.nav, nodes, world);
      sorted = false;
    }
  }
  const last = sorted ? nodes : nodes.toSorted((a, b) => a - b);
  const all = [...tagged, ...last.map((node) => ({ node, tag: null }))];
  return all.filter(({ node }, index) => all.findIndex((hit) => hit.node === node) === index);
}

function filterPart(part: Part, input: readonly number[], world: PlainWorld): readonly number[] {
  const { term, within, sort, limit, reversed } = part;
  const kept = input.filter((node) =>
    (term === undefined || holds(term, node, world)) &&
    (within === undefined || isWithin(within, node, world))
  );
  const ordered = sort.length > 0 || limit !== undefined || reversed
    ? kept.toSorted((a, b) => compareBy(sort, a, b, world))
    : kept;
  const cut = limit === undefined
    ? ordered
    : ordered.slice(limit.offset, limit.offset + limit.count);
  return reversed ? cut.toReversed() : cut;
}

function compareBy(
  keys: readonly SortKey[],
  a: number,
  b: number,
  world: PlainWorld,
): number {
  for (const { path, descending } of keys) {
    const [left] = valuesAt(path, a, world);
    const [right] = valuesAt(path, b, world);
    const result = sortOrder(left, right);
    if (result !== 0) return descending ? -result : result;
  }
  return a - b;
}

/** Lists and objects are ordered by their text. */
function sortOrder(a: Plain, b: Plain): number {
  const isText = (value: Plain) => typeof value === "object" && value !== null;
  if (isText(a) && isText(b) && Array.isArray(a) === Array.isArray(b)) {
    return order(JSON.stringify(a), JSON.stringify(b));
  }
  return order(a, b);
}

function isWithin(
  { op, number, nav, term, within }: With,
  node: number,
  world: PlainWorld,
): boolean {
  const count =
    reach(nav, [node], world).filter((other) =>
      (term === undefined || holds(term, other, world)) &&
      (within === undefined || isWithin(within, other, world))
    ).length;
  switch (op) {
    case "==":
      return count === number;
    case "!=":
      return count !== number;
    case "<":
      return count < number;
    case "<=":
      return count <= number;
    case ">":
      return count > number;
    case ">=":
      return count >= number;
  }
}

/** All nodes at the end of some walk with an allowed number of steps. */
function reach(nav: Navigation, start: readonly number[], world: PlainWorld): readonly number[] {
  const found = new Set<number>();
  const walk = (direction: "in" | "out", types: readonly string[], from: number) => {
    let frontier = new Set(start);
    for (let depth = 0; frontier.size > 0 && depth <= (nav.to ?? world.nodes.length); depth++) {
      if (depth >= from) { for (const node of frontier) found.add(node); }
      frontier = new Set(
        [...frontier].flatMap((node) =>
          world.edges.filter((edge) => types.includes(edge.type)).flatMap(({ from, to }) =>
            direction === "out" ? (from === node ? [to] : []) : (to === node ? [from] : [])
          )
        ),
      );
    }
  };
  if (nav.direction !== "out") walk("in", nav.types, nav.from);
  if (nav.direction === "out") walk("out", nav.types, nav.from);
  if (nav.direction === "both") walk("out", nav.outTypes, Math.max(1, nav.from));
  return [...found].toSorted((a, b) => a - b);
}

/** Figures of one group. */
export interface PlainGroup {
  readonly group: Readonly<Record<string, unknown>>;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** The groups of an aggregation, in no order. */
export function aggregate(query: Query, world: PlainWorld): readonly PlainGroup[] {
  const { groups = [], figures = [] } = query.aggregate ?? {};
  const parts = query.parts.map((part, index) =>
    index === query.parts.length - 1 ? { ...part, sort: [], limit: undefined } : part
  );
  const nodes = evaluate({ ...query, parts }, world).map(({ node }) => node);
  const keyOf = (node: number) =>
    Object.fromEntries(groups.map(({ name, texts }) => [name, groupValue(texts, node, world)]));
  const byKey = Map.groupBy(nodes, (node) => JSON.stringify(keyOf(node)));
  if (groups.length === 0 && nodes.length === 0) byKey.set("{}", []);
  return [...byKey].map(([key, members]) => ({
    group: JSON.parse(key),
    figures: Object.fromEntries(figures.map((figure) => {
      const values = members.flatMap((node): readonly Plain[] => {
        const [start] = typeof figure.of === "number"
          ? [figure.of]
          : valuesAt(figure.of, node, world);
        return [figure.steps.reduce((left, step) => calculate(left, step), start)];
      });
      return [figure.name, figureOf(figure.function, values)];
    })),
  }));
}

function groupValue(texts: readonly (string | Path)[], node: number, world: PlainWorld): Plain {
  const [only] = texts;
  if (texts.length === 1 && typeof only === "object") return valuesAt(only, node, world)[0] ?? null;
  return texts.map((text) => {
    if (typeof text === "string") return text;
    const value = valuesAt(text, node, world)[0] ?? null;
    return value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  }).join("");
}

function calculate(
  left: Plain,
  { operator, operand }: { readonly operator: string; readonly operand: number },
): Plain {
  if (typeof left !== "number") return null;
  if (operator === "+") return left + operand;
  if (operator === "-") return left - operand;
  if (operator === "*") return left * operand;
  if (operand === 0) return null;
  return operator === "/" ? left / operand : left % operand;
}

function figureOf(name: string, values: readonly Plain[]): unknown {
  const numbers = values.filter((value) => typeof value === "number");
  const sum = numbers.reduce((left, right) => left + right, 0);
  const mean = sum / numbers.length;
  const variance = numbers.reduce((left, right) => left + (right - mean) ** 2, 0) / numbers.length;
  const ordered = values
    .filter((value) => typeof value === "number" || typeof value === "string")
    .toSorted(order);
  switch (name) {
    case "count":
      return values.length;
    case "sum":
      return sum;
    case "min":
      return ordered[0] ?? null;
    case "max":
      return ordered.at(-1) ?? null;
    case "avg":
      return numbers.length === 0 ? null : mean;
    case "variance":
      return numbers.length === 0 ? null : variance;
    default:
      return numbers.length === 0 ? null : Math.sqrt(variance);
  }
}
