import type { Operator, Value } from "../tree.ts";
import { combine, FALSE, listed, param, raw, type Sql, sql, TRUE } from "./fragment.ts";
import { type Operand, typeName } from "./operand.ts";

/** Order of the types of JSON, as SQLite names them; those of one rank compare by value. */
const RANKS: readonly (readonly string[])[] = [
  ["false", "true"],
  ["integer", "real"],
  ["text"],
  ["array"],
  ["object"],
];

/** Number of a type in the order of types; 0 for null and missing. */
export function typeRank(type: Sql): Sql {
  const cases = RANKS.flatMap((same, index) =>
    same.map((name) => `WHEN '${name}' THEN ${index + 1}`)
  );
  return sql`CASE ${type} ${raw(cases.join(" "))} ELSE 0 END`;
}

/** Whether a value is there and not null. */
export function isKnown({ type, value, fixed, present }: Operand): Sql {
  if (present) return TRUE;
  return fixed === undefined ? sql`coalesce(${type} <> 'null', 0)` : sql`${value} IS NOT NULL`;
}

/**
 * A comparison that is true or false for every node, never null. A missing property is null, which
 * is less than everything; `<`, `<=`, `=~` and `not in` are false for it, `!=` and `!~` true.
 */
export function compare(operand: Operand, op: Operator, value: Value): Sql {
  switch (op) {
    case "==":
      return equals(operand, value);
    case "!=":
      return sql`NOT ${equals(operand, value)}`;
    case "=~":
      return matches(operand, String(value));
    case "!~":
      return sql`NOT ${matches(operand, String(value))}`;
    case "in":
      return isIn(operand, listOf(value));
    case "not in":
      return combine([isKnown(operand), sql`NOT ${isIn(operand, listOf(value))}`], "AND");
    default:
      return inOrder(operand, op, value);
  }
}

function equals(operand: Operand, value: Value): Sql {
  if (value === null) return sql`(NOT ${isKnown(operand)})`;
  if (typeof value === "object") {
    return sql`(ck_order(${operand.json}, ${param(JSON.stringify(value))}) = 0)`;
  }
  const types = typesOf(value);
  if (operand.shared && typeof value === "string") {
    return operand.shared((shared) => sql`${shared} = ${param(value)}`);
  }
  return typed(operand, types, (own) => sql`${own} = ${param(scalar(value))}`);
}

/** A test of the value that holds for values of these types only. */
function typed(operand: Operand, types: readonly string[], test: (value: Sql) => Sql): Sql {
  const { type, value, fixed, present } = operand;
  if (fixed !== undefined) {
    if (!types.includes(fixed === "boolean" ? "true" : fixed)) return FALSE;
    return present ? sql`(${test(value)})` : sql`coalesce(${test(value)}, 0)`;
  }
  return sql`coalesce(${test(value)} AND ${hasType(type, types)}, 0)`;
}

function hasType(type: Sql, types: readonly string[]): Sql {
  return sql`${type} IN (${listOfTypes(types)})`;
}

function listOfTypes(types: readonly string[]): Sql {
  return types.map(typeName).reduce((left, right) => sql`${left}, ${right}`);
}

function isIn(operand: Operand, values: readonly Value[]): Sql {
  const texts = values.filter((value) => typeof value === "string");
  const others = values.filter((value) => typeof value !== "string");
  const ofTexts = operand.shared
    ? operand.shared((value) => sql`${value} IN ${listed(texts)}`)
    : typed(operand, ["text"], (value) => sql`${value} IN ${listed(texts)}`);
  return combine([
    ...(texts.length === 0 ? [] : [ofTexts]),
    ...others.map((value) => equals(operand, value)),
  ], "OR");
}

/** Numbers are matched by their digits. */
function matches({ type, value, fixed }: Operand, pattern: string): Sql {
  const match = sql`ck_match(${param(pattern)}, ${value})`;
  if (fixed === "text") return sql`CASE WHEN ${value} IS NULL THEN 0 ELSE ${match} END`;
  if (fixed === "boolean") return FALSE;
  return sql`CASE WHEN ${type} IN ('text', 'integer', 'real') THEN ${match} ELSE 0 END`;
}

function inOrder(operand: Operand, op: "<" | "<=" | ">" | ">=", value: Value): Sql {
  if (value === null) {
    if (op === ">=") return TRUE;
    return op === ">" ? isKnown(operand) : FALSE;
  }
  if (typeof value === "object") return orderOfJson(operand, op, value);
  const types = typesOf(value);
  const rank = RANKS.findIndex((same) => same === types);
  const beyond = op.startsWith("<") ? RANKS.slice(0, rank) : RANKS.slice(rank + 1);
  const ofOtherType = operand.fixed === undefined
    ? sql`coalesce(${hasType(operand.type, beyond.flat().length === 0 ? ["-"] : beyond.flat())}, 0)`
    : beyond.flat().includes(operand.fixed === "boolean" ? "true" : operand.fixed)
    ? isKnown(operand)
    : FALSE;
  const ofSameType = typed(operand, types, (own) => ordered(own, op, param(scalar(value))));
  return combine([ofSameType, ofOtherType].filter((part) => part !== FALSE), "OR");
}

function orderOfJson(operand: Operand, op: "<" | "<=" | ">" | ">=", value: Value): Sql {
  const order = sql`ck_order(${operand.json}, ${param(JSON.stringify(value))})`;
  return combine([isKnown(operand), ordered(order, op, sql`0`)], "AND");
}

function ordered(left: Sql, op: "<" | "<=" | ">" | ">=", right: Sql): Sql {
  switch (op) {
    case "<":
      return sql`${left} < ${right}`;
    case "<=":
      return sql`${left} <= ${right}`;
    case ">":
      return sql`${left} > ${right}`;
    case ">=":
      return sql`${left} >= ${right}`;
  }
}

function typesOf(value: string | number | boolean): readonly string[] {
  const index = typeof value === "boolean" ? 0 : typeof value === "number" ? 1 : 2;
  return RANKS[index] ?? [];
}

function scalar(value: string | number | boolean): string | number {
  return typeof value === "boolean" ? Number(value) : value;
}

/** A value that is no list is a list of one. */
function listOf(value: Value): readonly Value[] {
  return isList(value) ? value : [value];
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
