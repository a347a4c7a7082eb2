import type { Figure, Group, Query } from "../tree.ts";
import { chainOf } from "./chain.ts";
import type { SqlContext } from "./context.ts";
import { typeRank } from "./compare.ts";
import { joinSql, param, raw, type Sql, sql } from "./fragment.ts";
import { nodeSource } from "./node.ts";
import type { Operand, Source } from "./operand.ts";
import { AGES } from "../property_types.ts";

/** An aggregation as SQL. */
export interface Aggregation {
  /**
   * Columns `g0`, `g1` … hold the groups as JSON, `f0`, `f1` … the figures; for a standard
   * deviation its square, because SQLite takes no roots.
   */
  readonly statement: Sql;
  readonly groups: readonly string[];
  readonly figures: readonly Figure[];
}

/** One row for each group; sort and limit of the last part are those of the rows. */
export function aggregation(query: Query, context: SqlContext): Aggregation {
  const { groups = [], figures = [] } = query.aggregate ?? {};
  const parts = query.parts.map((part, index) =>
    index === query.parts.length - 1 ? { ...part, sort: [], limit: undefined } : part
  );
  const { before, keys } = chainOf(parts, undefined, context);
  const node = context.alias("n");
  const source = nodeSource(node, context);
  const columns = [
    ...groups.map((group, index) => sql`${groupJson(group, source)} AS g${raw(String(index))}`),
    ...figures.map((figure, index) =>
      sql`${figureOf(figure, source, context)} AS f${raw(String(index))}`
    ),
  ];
  const by = groups.map((_, index) => raw(`g${index}`));
  return {
    statement: sql`${before}SELECT ${joinSql(columns, ", ")}
      FROM (${keys}) s CROSS JOIN nodes ${node} ON ${node}.key = s.key
      ${by.length === 0 ? raw("") : sql`GROUP BY ${joinSql(by, ", ")}`} ${tail(query)}`,
    groups: groups.map(({ name }) => name),
    figures,
  };
}

function tail({ aggregate, parts }: Query): Sql {
  const { groups = [], figures = [] } = aggregate ?? {};
  const { sort = [], limit } = parts.at(-1) ?? {};
  const keys = sort.map(({ path, descending }) => {
    const name = path[0]?.name;
    const group = groups.findIndex((one) => one.name === name);
    const figure = figures.findIndex((one) => one.name === name);
    const direction = raw(descending ? "DESC" : "ASC");
    if (figure >= 0) return sql`${raw(`f${figure}`)} ${direction}`;
    const json = raw(`g${group}`);
    return sql`${typeRank(sql`json_type(${json})`)} ${direction}, ${json} ->> '$' ${direction}`;
  });
  const order = [...keys, ...groups.map((_, index) => raw(`g${index}`))];
  const by = order.length === 0 ? raw("") : sql`ORDER BY ${joinSql(order, ", ")}`;
  return limit === undefined
    ? by
    : sql`${by} LIMIT ${param(limit.count)} OFFSET ${param(limit.offset)}`;
}

function groupJson({ texts }: Group, source: Source): Sql {
  const [only] = texts;
  if (texts.length === 1 && typeof only === "object") return canonicalJson(source.property(only));
  const parts = texts.map((text) =>
    typeof text === "string" ? param(text) : shownText(source.property(text))
  );
  return parts.length === 0 ? sql`json_quote('')` : sql`json_quote(${joinSql(parts, " || ")})`;
}

/** Equal values are equal texts: 1 and 1.0, and text however it was escaped. */
function canonicalJson({ type, value, json, fixed }: Operand): Sql {
  if (fixed !== undefined) return json;
  return sql`CASE ${type} WHEN 'text' THEN json_quote(${value}) WHEN 'null' THEN NULL
    WHEN 'real' THEN json_quote(iif(${value} = CAST(${value} AS INTEGER),
      CAST(${value} AS INTEGER), ${value})) ELSE ${json} END`;
}

function shownText({ type, value }: Operand): Sql {
  return sql`CASE WHEN ${type} IN ('true', 'false') THEN ${type} ELSE coalesce(${value}, '') END`;
}

function figureOf(figure: Figure, source: Source, context: SqlContext): Sql {
  const number = numberOf(figure, source, context);
  switch (figure.function) {
    case "count":
      return sql`count(*)`;
    case "sum":
      return sql`total(${number})`;
    case "avg":
      return sql`avg(${number})`;
    case "min":
    case "max":
      return sql`${raw(figure.function)}(${extremeOf(figure, source, context)})`;
    case "stddev":
    case "variance":
      return sql`(avg(${number} * ${number}) - avg(${number}) * avg(${number}))`;
  }
}

/** Numbers are doubles, as in JSON; what is no number does not take part. */
function numberOf({ of, steps }: Figure, source: Source, context: SqlContext): Sql {
  const start = typeof of === "number" ? raw(String(of)) : numeric(operandOf(of, source, context));
  return steps.reduce(
    (left, { operator, operand }) =>
      operator === "%"
        ? remainder(left, param(operand))
        : sql`(${left} ${raw(operator)} ${param(operand)} * 1.0)`,
    sql`(${start} * 1.0)`,
  );
}

/** Of any numbers, not only of whole ones. */
function remainder(left: Sql, right: Sql): Sql {
  return sql`(${left} - ${right} * CAST(${left} / ${right} AS INTEGER))`;
}

function numeric({ type, value, fixed }: Operand): Sql {
  if (fixed !== undefined) return raw("NULL");
  return sql`CASE WHEN ${type} IN ('integer', 'real') THEN ${value} END`;
}

/** Texts have a smallest and a largest, too: dates are texts. */
function extremeOf(figure: Figure, source: Source, context: SqlContext): Sql {
  const { of, steps } = figure;
  if (typeof of === "number" || steps.length > 0) return numberOf(figure, source, context);
  const { type, value, fixed } = operandOf(of, source, context);
  if (fixed === "text") return value;
  return sql`CASE WHEN ${type} IN ('integer', 'real') THEN ${value} * 1.0
    WHEN ${type} = 'text' THEN ${value} END`;
}

function operandOf(
  of: Exclude<Figure["of"], number>,
  source: Source,
  context: SqlContext,
): Operand {
  if (AGES.has(of.at(-1)?.name ?? "")) {
    const date = AGES.get(of.at(-1)?.name ?? "");
    throw context.unsupported(
      "an age is no number that could be added up",
      of,
      `Use the date that it is computed from: max(${date}), min(${date})`,
    );
  }
  return source.property(of);
}
