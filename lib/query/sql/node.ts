import type { Path, PathStep } from "../tree.ts";
import { ancestorSource, levelOperand } from "./ancestors.ts";
import type { SqlContext } from "./context.ts";
import { nodeDocument, reportedDocument } from "./document.ts";
import { raw, type Sql, sql } from "./fragment.ts";
import {
  booleanOperand,
  jsonOperand,
  jsonPath,
  MISSING,
  type Operand,
  optionalText,
  type Source,
  textOperand,
  wholeJson,
} from "./operand.ts";
import {
  createdAt,
  expiresAt,
  firstSeen,
  isCleaned,
  isMarked,
  isPhantom,
  isProtected,
  isStale,
  lastChanged,
  lastSeen,
} from "./schema.ts";

/** The properties of a row of `nodes`, by path from the root of its document. */
export function nodeSource(node: Sql, context: SqlContext): Source {
  return {
    property(path) {
      const merged = context.options.merged(path, node, context);
      if (merged !== undefined) return merged;
      const [first, ...below] = path;
      switch (first?.name) {
        case "_key":
          return textOperand(sql`${node}.node_id`);
        case "reported":
          return reported(node, below, path, context);
        case "desired":
          return copied(node, path, context) ?? desired(node, below);
        case "metadata":
          return copied(node, path, context) ?? metadata(node, below, context);
        case "ancestors":
          return levelOperand(node, below, context) ?? above(node, below, "in", path, context);
        case "descendants":
          return above(node, below, "out", path, context);
        case "security":
        case "usage":
          throw context.unsupported(`the store has no section ${first.name}`, path);
        default:
          return MISSING;
      }
    },
  };
}

function reported(
  node: Sql,
  below: readonly PathStep[],
  path: Path,
  context: SqlContext,
): Operand {
  const [first, ...more] = below;
  if (first === undefined) return wholeJson(reportedDocument(node));
  const own = more.length === 0 && first.index === undefined ? OWN.get(first.name) : undefined;
  if (own !== undefined) return own(node);
  return copied(node, path, context) ?? bodyOperand(node, below, path, context);
}

/** What is not part of the stored text of a node's properties, or is completed. */
const OWN: ReadonlyMap<string, (node: Sql) => Operand> = new Map([
  ["kind", kindOperand],
  ["id", (node: Sql) => textOperand(sql`${node}.id`)],
  ["name", (node: Sql) => textOperand(sql`${node}.name`)],
  ["ctime", (node: Sql) => optionalText(createdAt(node))],
]);

function kindOperand(node: Sql): Operand {
  return {
    ...textOperand(sql`(SELECT k.name FROM kinds k WHERE k.kind = ${node}.kind)`),
    shared: (test) =>
      sql`${node}.kind IN (SELECT k.kind FROM kinds k WHERE ${test(raw("k.name"))})`,
  };
}

function bodyOperand(
  node: Sql,
  below: readonly PathStep[],
  path: Path,
  context: SqlContext,
): Operand {
  const at = jsonPath(below);
  if (at === undefined) {
    throw context.unsupported("names with quotes or back slashes cannot be looked up", path);
  }
  return jsonOperand(sql`${node}.body`, at);
}

function desired(node: Sql, [first, ...more]: readonly PathStep[]): Operand {
  if (first?.name !== "clean" || first.index !== undefined || more.length > 0) return MISSING;
  const marked = isMarked(node);
  const json = sql`iif(${marked}, 'true', NULL)`;
  return { type: json, value: sql`iif(${marked}, 1, NULL)`, json, fixed: "boolean" };
}

function metadata(
  node: Sql,
  [first, ...more]: readonly PathStep[],
  context: SqlContext,
): Operand {
  if (first === undefined || first.index !== undefined || more.length > 0) return MISSING;
  switch (first.name) {
    case "phantom":
      return booleanOperand(isPhantom(node, context.options.kinds));
    case "protected":
      return booleanOperand(isProtected(node));
    case "cleaned":
      return booleanOperand(isCleaned(node));
    case "stale":
      return booleanOperand(isStale(node));
    case "expires":
      return optionalText(expiresAt(node));
    case "first_seen_at":
      return optionalText(firstSeen(node));
    case "last_seen_at":
      return optionalText(lastSeen(node));
    case "changed_at":
      return optionalText(lastChanged(node));
    default:
      return MISSING;
  }
}

/** A path into an ancestor that the query copies into the sections of every node. */
function copied(node: Sql, path: Path, context: SqlContext): Operand | undefined {
  const [section, name, ...more] = path;
  const ancestor = context.options.ancestors.find((one) => one.name === name?.name);
  if (section === undefined || name === undefined || ancestor === undefined) return undefined;
  const below = [{ name: ancestor.kind }, section, ...more];
  return levelOperand(node, below, context) ?? above(node, below, "in", path, context);
}

/** A property of the nearest ancestor or descendant of a kind. */
function above(
  node: Sql,
  [kind, ...rest]: readonly PathStep[],
  direction: "in" | "out",
  path: Path,
  context: SqlContext,
): Operand {
  if (kind === undefined || rest.length < 2) {
    throw context.unsupported(
      "a path into an ancestor names its kind, a section and a property",
      path,
      "For instance ancestors.account.reported.name",
    );
  }
  return ancestorSource(node, kind.name, direction, context, (other) => nodeSource(other, context))
    .property(rest);
}

/** The whole document of a node. */
export function documentOf(node: Sql, context: SqlContext): Sql {
  return nodeDocument(node, nodeSource(node, context.withMerges([])));
}
