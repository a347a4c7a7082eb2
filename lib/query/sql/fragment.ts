/** What a statement may be given in the place of a question mark. */
export type SqlValue = string | number | null;

/** A piece of SQL with the values of its question marks, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** Joins SQL and pieces of SQL; the only way to make one that holds values. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Sql[]): Sql {
  const text = strings.reduce((text, next, index) =>
    `${text}${parts[index - 1]?.text ?? ""}${next}`
  );
  return { text, values: parts.flatMap(({ values }) => values) };
}

/** A value, passed beside the text. */
export function param(value: SqlValue): Sql {
  return { text: "?", values: [value] };
}

/** A list of texts as a table of one column, passed beside the text. */
export function listed(values: readonly SqlValue[]): Sql {
  return sql`(SELECT value FROM json_each(${param(JSON.stringify(values))}))`;
}

/** Text of our own, never of a user. */
export function raw(text: string): Sql {
  return { text, values: [] };
}

/** A text of our own as a literal. */
export function literal(text: string): Sql {
  return raw(`'${text.replaceAll("'", "''")}'`);
}

/** Constants; truth values are numbers in SQLite. */
export const NULL = raw("NULL");
export const TRUE = raw("1");
export const FALSE = raw("0");

/** Pieces one behind the other with a separator. */
export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return {
    text: parts.map(({ text }) => text).join(separator),
    values: parts.flatMap(({ values }) => values),
  };
}

/**
 * All or any of the conditions. SQLite takes expressions of a thousand levels and a chain has one
 * for each link, so long ones become a balanced tree.
 */
export function combine(parts: readonly Sql[], operator: "AND" | "OR"): Sql {
  const [only] = parts;
  if (only === undefined) return operator === "AND" ? TRUE : FALSE;
  if (parts.length === 1) return only;
  if (parts.length <= 8) return sql`(${joinSql(parts, ` ${operator} `)})`;
  const half = Math.ceil(parts.length / 2);
  return combine(
    [combine(parts.slice(0, half), operator), combine(parts.slice(half), operator)],
    operator,
  );
}
