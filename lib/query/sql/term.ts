import { LiteralFault, readAge, readLiteral } from "../literal.ts";
import { dateText } from "../date.ts";
import { AGES, elementType } from "../property_types.ts";
import type { Operator, Path, Predicate, Quantifier, Term, Value } from "../tree.ts";
import { compare } from "./compare.ts";
import type { SqlContext } from "./context.ts";
import { combine, param, type Sql, sql, TRUE } from "./fragment.ts";
import {
  elementOperand,
  elementsOf,
  jsonPath,
  jsonSource,
  type Operand,
  type Source,
} from "./operand.ts";
import { derivedKinds, isOfKind } from "./schema.ts";

/** Where a term is evaluated. */
export interface TermPlace {
  readonly source: Source;
  /** The row of `nodes`; undefined inside of an element. */
  readonly node: Sql | undefined;
  readonly context: SqlContext;
}

/** A condition that is true or false for every node, never null. */
export function condition(term: Term, place: TermPlace): Sql {
  const { source, node, context } = place;
  switch (term.type) {
    case "all":
      return TRUE;
    case "and":
    case "or":
      return chain(term, place);
    case "not":
      return sql`(NOT ${condition(term.term, place)})`;
    case "is":
      return isOfKind(rowOf(node, term, context), knownKinds(term, context));
    case "id":
      return sql`${rowOf(node, term, context)}.node_id = ${param(term.id)}`;
    case "predicate":
      return predicate(term, place);
    case "has_key":
      return overPath(
        term.path,
        undefined,
        place,
        (operand) =>
          combine(term.keys.map((key) => hasKey(term.path, operand, key, source)), "AND"),
      );
    case "in_subnet":
      return overPath(
        term.path,
        undefined,
        place,
        ({ type, value }) =>
          sql`CASE WHEN ${type} = 'text' THEN ck_in_subnet(${value}, ${
            param(term.net)
          }) ELSE 0 END`,
      );
    case "has_desired_change":
      return desiredChange(term.path, source);
    case "context":
      return overPath(term.path, undefined, place, ({ type, json }) => {
        const object = sql`CASE WHEN ${type} IN ('object', 'array') THEN ${json} END`;
        const inner = jsonSource(object, (path) => unquotable(path, context));
        return condition(term.term, { source: inner, node: undefined, context });
      });
    case "text":
      throw context.unsupported(
        "the store has no full text search",
        undefined,
        'Search a property with a pattern: name =~ "text"',
      );
  }
}

/** Links of the same sort become one flat condition: chains may be thousands of terms long. */
function chain(term: Term, place: TermPlace): Sql {
  const links: { readonly type: "and" | "or"; readonly right: Term }[] = [];
  let head = term;
  while (head.type === "and" || head.type === "or") {
    links.push({ type: head.type, right: head.right });
    head = head.left;
  }
  let type: "and" | "or" | undefined;
  let gathered = [condition(head, place)];
  for (const link of links.toReversed()) {
    if (type !== undefined && type !== link.type) gathered = [joined(gathered, type)];
    type = link.type;
    gathered.push(condition(link.right, place));
  }
  return joined(gathered, type ?? "and");
}

function joined(parts: readonly Sql[], type: "and" | "or"): Sql {
  return combine(parts, type === "and" ? "AND" : "OR");
}

function knownKinds(term: Term & { readonly type: "is" }, context: SqlContext): readonly string[] {
  return derivedKinds(context.options.kinds, term.kinds);
}

function rowOf(node: Sql | undefined, term: Term, context: SqlContext): Sql {
  if (node !== undefined) return node;
  throw context.meaningless(`${term.type}(…) asks for nodes, not for elements of an array`, term);
}

/** @throws QueryError when the value cannot be compared with the property, or is no pattern */
function predicate({ path, filter, op, value }: Predicate, place: TermPlace): Sql {
  const { types, now } = place.context.options;
  const type = place.node === undefined ? undefined : types.typeOf(path);
  try {
    if (isAge(path, type)) return agePredicate(path, filter, op, value, place);
    const wanted = filter === undefined || type === undefined ? type : elementType(type);
    const literal = readOperand(value, op, wanted, now);
    return overPath(path, filter, place, (operand) => compare(operand, op, literal));
  } catch (thrown) {
    if (!(thrown instanceof LiteralFault)) throw thrown;
    throw place.context.meaningless(thrown.message, path);
  }
}

function readOperand(value: Value, op: Operator, type: string | undefined, now: Date): Value {
  if (op === "=~" || op === "!~") return pattern(value);
  if (op === "in" || op === "not in") {
    const list: readonly Value[] = isList(value) ? value : [value];
    return list.map((element) => readLiteral(element, type, now));
  }
  return readLiteral(value, type, now);
}

function pattern(value: Value): string {
  try {
    return new RegExp(String(value)).source === "" ? "" : String(value);
  } catch {
    throw new LiteralFault(`expected a regular expression but got ${JSON.stringify(value)}`);
  }
}

function isAge(path: Path, type: string | undefined): boolean {
  return type === "trafo.duration_to_datetime" && AGES.has(path.at(-1)?.name ?? "");
}

/** The date that an age is computed from. */
export function dateOfAge(path: Path): Path {
  return [...path.slice(0, -1), { name: AGES.get(path.at(-1)?.name ?? "") ?? "" }];
}

/** Older than two days is made before the time two days ago. */
function agePredicate(
  path: Path,
  filter: Quantifier | undefined,
  op: Operator,
  value: Value,
  place: TermPlace,
): Sql {
  const turned = TURNED[op];
  if (turned === undefined || filter !== undefined) {
    throw new LiteralFault("an age is compared by ==, !=, <, <=, > and >=");
  }
  const { now } = place.context.options;
  const limit = value === null ? null : dateText(now.getTime() - readAge(value));
  return overPath(dateOfAge(path), undefined, place, (operand) => compare(operand, turned, limit));
}

const TURNED: Readonly<Partial<Record<Operator, Operator>>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/**
 * Applies a test at a path. An array's elements fulfil it as the quantifier says; behind `[*]` any
 * of them does when none is given.
 */
function overPath(
  path: Path,
  filter: Quantifier | undefined,
  { source, context }: Pick<TermPlace, "source" | "context">,
  test: (operand: Operand) => Sql,
): Sql {
  const star = path.findIndex(({ index }) => index === "*");
  if (star < 0) {
    const operand = source.property(path);
    return filter === undefined ? test(operand) : quantified(operand, filter, context, test);
  }
  const name = path[star]?.name ?? "";
  const list = source.property([...path.slice(0, star), { name }]);
  const rest = path.slice(star + 1);
  return quantified(list, filter ?? "any", context, (element) => {
    if (rest.length === 0) return test(element);
    const object = sql`CASE WHEN ${element.type} IN ('object', 'array') THEN ${element.json} END`;
    const inner = jsonSource(object, (path) => unquotable(path, context));
    return overPath(rest, undefined, { source: inner, context }, test);
  });
}

function quantified(
  list: Operand,
  filter: Quantifier,
  context: SqlContext,
  test: (element: Operand) => Sql,
): Sql {
  const row = context.alias("j");
  const elements = elementsOf(list, row);
  const element = test(elementOperand(row));
  if (filter === "any") return sql`EXISTS (SELECT 1 FROM ${elements} WHERE ${element})`;
  const wrong = filter === "all" ? sql`NOT ${element}` : element;
  return sql`(coalesce(${list.type} = 'array', 0)
    AND NOT EXISTS (SELECT 1 FROM ${elements} WHERE ${wrong}))`;
}

/** A key that no path can name, or one of an element, is looked for among all. */
function hasKey(path: Path, { type, json }: Operand, key: string, source: Source): Sql {
  const inner = [...path, { name: key }];
  if (jsonPath(inner) !== undefined && path.every(({ index }) => index !== "*")) {
    return sql`(${source.property(inner).type} IS NOT NULL)`;
  }
  const object = sql`CASE WHEN ${type} = 'object' THEN ${json} END`;
  return sql`EXISTS (SELECT 1 FROM json_each(${object}) o WHERE o.key = ${param(key)})`;
}

/** What is wanted is known and differs from what is reported. */
function desiredChange(path: Path, source: Source): Sql {
  const below = path[0]?.name === "reported" ? path.slice(1) : path;
  const wanted = source.property([{ name: "desired" }, ...below]);
  const now = source.property([{ name: "reported" }, ...below]);
  return sql`(${wanted.json} IS NOT NULL AND ${wanted.json} IS NOT ${now.json})`;
}

function unquotable(path: Path, context: SqlContext) {
  return context.unsupported("names with quotes or back slashes cannot be looked up", path);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
