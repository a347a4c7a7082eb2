import type { Level } from "../../model/mod.ts";
import type { PathStep } from "../tree.ts";
import type { SqlContext } from "./context.ts";
import { raw, type Sql, sql } from "./fragment.ts";
import { type Operand, optionalText, type Source, wrapped } from "./operand.ts";
import { derivedKinds, isOfKind } from "./schema.ts";

/** Kinds whose nodes are the levels above all others. */
const LEVEL_KINDS: Readonly<Record<Level, string>> = {
  cloud: "base_cloud",
  account: "account",
  region: "region",
  zone: "zone",
};
/** Steps along edges after which an ancestor is no longer looked for. */
const FARTHEST = 250;

/**
 * Id or name of the cloud, account, region or zone of a node: known by its place, without a walk
 * along edges. Undefined for other paths.
 */
export function levelOperand(
  node: Sql,
  [kind, section, property, ...more]: readonly PathStep[],
  context: SqlContext,
): Operand | undefined {
  const level = levelOf(kind);
  if (level === undefined || section?.name !== "reported" || more.length > 0) return undefined;
  if (property?.index !== undefined) return undefined;
  if (property?.name === "id") return levelId(node, level, context);
  return property?.name === "name" ? optionalText(levelName(node, level, context)) : undefined;
}

function levelOf(step: PathStep | undefined): Level | undefined {
  const { name = "", index } = step ?? {};
  if (index !== undefined || !Object.hasOwn(LEVEL_KINDS, name)) return undefined;
  return (["cloud", "account", "region", "zone"] as const).find((level) => level === name);
}

/** A node is not below itself: the account's own account is none. */
function levelId(node: Sql, level: Level, context: SqlContext): Operand {
  const itself = isOfKind(node, kindsOf(level, context));
  const column = raw(`p.${level}`);
  return {
    ...optionalText(sql`CASE WHEN ${itself} THEN NULL ELSE (
      SELECT nullif(${column}, 'undefined') FROM places p WHERE p.place = ${node}.place) END`),
    shared: (test) =>
      sql`(${node}.place IN (SELECT p.place FROM places p
        WHERE ${column} <> 'undefined' AND ${test(column)}) AND NOT ${itself})`,
  };
}

function levelName(node: Sql, level: Level, context: SqlContext): Sql {
  const kinds = kindsOf(level, context);
  const own = NAME_OF_LEVEL[level](node, kinds);
  return sql`CASE WHEN ${isOfKind(node, kinds)} THEN NULL ELSE (
    SELECT CASE WHEN p.${raw(level)} = 'undefined' THEN NULL ELSE coalesce(${own}, p.${
    raw(level)
  }) END
    FROM places p WHERE p.place = ${node}.place) END`;
}

const NAME_OF_LEVEL: Readonly<Record<Level, (node: Sql, kinds: readonly string[]) => Sql>> = {
  cloud: (_, kinds) => placedName("cloud", kinds),
  account: (_, kinds) => placedName("account", kinds),
  // Two regions may share an id, so a scope's own region comes first.
  region: (node, kinds) =>
    sql`coalesce((SELECT nullif(s.region, '') FROM scopes s WHERE s.scope = ${node}.scope), ${
      placedName("region", kinds)
    })`,
  zone: (_, kinds) => placedName("zone", kinds),
};

const LEVELS: readonly Level[] = ["cloud", "account", "region", "zone"];

/**
 * Name of the node that lies at the place of its own level and has its id; of several the one that
 * is named like its id.
 */
function placedName(level: Level, kinds: readonly string[]): Sql {
  const depth = LEVELS.indexOf(level);
  const place = LEVELS.map((each, index) =>
    index <= depth ? `q.${each} = p.${each}` : `q.${each} = 'undefined'`
  ).join(" AND ");
  return sql`(SELECT a.name FROM nodes a WHERE ${isOfKind(raw("a"), kinds)}
    AND a.place = (SELECT q.place FROM places q WHERE ${raw(place)})
    AND a.id = p.${raw(level)} ORDER BY a.name <> a.id, a.name LIMIT 1)`;
}

function kindsOf(level: Level, context: SqlContext): readonly string[] {
  return derivedKinds(context.options.kinds, [LEVEL_KINDS[level]]);
}

/** The nearest node of a kind, found along dependency edges. */
export function ancestorSource(
  node: Sql,
  kind: string,
  direction: "in" | "out",
  context: SqlContext,
  sourceOf: (node: Sql) => Source,
): Source {
  const other = context.alias("a");
  const kinds = derivedKinds(context.options.kinds, [LEVEL_ALIASES.get(kind) ?? kind]);
  const key = nearestOfKind(node, kinds, direction, context);
  return {
    property: (path) =>
      wrapped(
        sourceOf(other).property(path),
        (expression) =>
          sql`(SELECT ${expression} FROM nodes ${other} WHERE ${other}.key = (${key}))`,
      ),
  };
}

/** The word `cloud` stands for every kind of cloud. */
const LEVEL_ALIASES: ReadonlyMap<string, string> = new Map([["cloud", "base_cloud"]]);

function nearestOfKind(
  node: Sql,
  kinds: readonly string[],
  direction: "in" | "out",
  context: SqlContext,
): Sql {
  const [walk, edge, found] = [context.alias("w"), context.alias("e"), context.alias("f")];
  const [near, far] = direction === "in" ? ["to_key", "from_key"] : ["from_key", "to_key"];
  return sql`WITH RECURSIVE ${walk}(key, depth) AS (
      SELECT ${node}.key, 0 UNION
      SELECT ${edge}.${raw(far)}, ${walk}.depth + 1 FROM ${walk}
        CROSS JOIN edges ${edge} ON ${edge}.${raw(near)} = ${walk}.key AND ${edge}.type = 0
        WHERE ${walk}.depth < ${raw(String(FARTHEST))})
    SELECT ${found}.key FROM ${walk} CROSS JOIN nodes ${found} ON ${found}.key = ${walk}.key
    WHERE ${walk}.depth > 0 AND ${isOfKind(found, kinds)}
    ORDER BY ${walk}.depth, ${found}.key LIMIT 1`;
}
