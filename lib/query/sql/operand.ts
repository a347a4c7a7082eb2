import type { Path } from "../tree.ts";
import { literal, NULL, param, raw, type Sql, sql } from "./fragment.ts";

/** One side of a comparison: a property of a node, or an element of an array. */
export interface Operand {
  /** Type as SQLite's JSON functions name it; null when the property is missing. */
  readonly type: Sql;
  /** The value for SQL: truth values are 1 and 0, arrays and objects are JSON. */
  readonly value: Sql;
  /** The value as JSON; null when the property is missing. */
  readonly json: Sql;
  /** The type, where it is the same for all nodes that have the property. */
  readonly fixed?: "text" | "boolean";
  /** No node is without it. */
  readonly present?: true;
  /** Tests the value where it is stored once for many nodes. */
  readonly shared?: (test: (value: Sql) => Sql) => Sql;
}

/** Something that has properties: a node, or an object inside of one. */
export interface Source {
  /** The property at a path without `*`. */
  property(path: Path): Operand;
}

/** A property that nothing has. */
export const MISSING: Operand = { type: NULL, value: NULL, json: NULL };

/** Text that is never missing. */
export function textOperand(value: Sql): Operand {
  return {
    type: literal("text"),
    value,
    json: sql`json_quote(${value})`,
    fixed: "text",
    present: true,
  };
}

/** Text that may be null. */
export function optionalText(value: Sql): Operand {
  return {
    type: sql`iif(${value} IS NULL, NULL, 'text')`,
    value,
    json: sql`iif(${value} IS NULL, NULL, json_quote(${value}))`,
    fixed: "text",
  };
}

/** A condition as a truth value. */
export function booleanOperand(condition: Sql): Operand {
  const type = sql`iif(${condition}, 'true', 'false')`;
  return { type, value: condition, json: type, fixed: "boolean", present: true };
}

/** A property inside of a JSON text. */
export function jsonOperand(json: Sql, path: string): Operand {
  const at = param(path);
  return {
    type: sql`json_type(${json}, ${at})`,
    value: sql`${json} ->> ${at}`,
    json: sql`${json} -> ${at}`,
  };
}

/** What a whole JSON text says, or null. */
export function wholeJson(json: Sql): Operand {
  return jsonOperand(json, "$");
}

/** A row of `json_each`. */
export function elementOperand(row: Sql): Operand {
  const { type, value } = { type: sql`${row}.type`, value: sql`${row}.value` };
  return {
    type,
    value,
    json: sql`CASE WHEN ${type} IN ('array', 'object') THEN ${value}
      WHEN ${type} IN ('true', 'false', 'null') THEN ${type} ELSE json_quote(${value}) END`,
  };
}

/** The properties of an object or the elements of an array given as JSON text; null has none. */
export function jsonSource(json: Sql, refuse: (path: Path) => Error): Source {
  return {
    property(path) {
      const at = jsonPath(path);
      if (at === undefined) throw refuse(path);
      return jsonOperand(json, at);
    },
  };
}

/** The rows of an array, none when it is something else. */
export function elementsOf({ type, json }: Operand, row: Sql): Sql {
  return sql`json_each(CASE WHEN ${type} = 'array' THEN ${json} END) ${row}`;
}

/** Takes a part of another row: `wrap` makes a scalar sub query of an expression. */
export function wrapped(operand: Operand, wrap: (expression: Sql) => Sql): Operand {
  const { type, value, json, fixed } = operand;
  return {
    type: wrap(type),
    value: wrap(value),
    json: wrap(json),
    ...(fixed === undefined ? {} : { fixed }),
  };
}

/** SQLite's JSON path; undefined for a name that it cannot quote. */
export function jsonPath(path: Path): string | undefined {
  if (path.some(({ name }) => /["\\\p{Cc}]/u.test(name))) return undefined;
  return path.reduce(
    (text, { name, index }) => `${text}."${name}"${index === undefined ? "" : `[${index}]`}`,
    "$",
  );
}

/** A type of JSON, for comparisons with constants. */
export function typeName(name: string): Sql {
  return raw(`'${name}'`);
}
