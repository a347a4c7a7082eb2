import { raw, type Sql, sql } from "./fragment.ts";
import type { Source } from "./operand.ts";
import { createdAt } from "./schema.ts";
import type { Path } from "../tree.ts";

/** Everything that a node reports, as one JSON text. */
export function reportedDocument(node: Sql): Sql {
  return sql`json_set(${node}.body,
    '$."kind"', (SELECT k.name FROM kinds k WHERE k.kind = ${node}.kind),
    '$."id"', ${node}.id, '$."name"', ${node}.name, '$."ctime"', ${createdAt(node)})`;
}

const METADATA = ["phantom", "protected", "cleaned", "stale", "expires", "first_seen_at"] as const;
const LEVELS = ["cloud", "account", "region", "zone"] as const;

/** The whole document of a node in the form in which cores answer it, as one JSON text. */
export function nodeDocument(node: Sql, source: Source): Sql {
  const at = (...names: readonly string[]) => json(source, names.map((name) => ({ name })));
  const metadata = METADATA.map((name) => sql`${raw(`'${name}'`)}, ${at("metadata", name)}`);
  const ancestors = LEVELS.map((level) =>
    sql`${raw(`'${level}'`)}, json_object('reported', json_object(
      'id', ${at("ancestors", level, "reported", "id")},
      'name', ${at("ancestors", level, "reported", "name")}))`
  );
  return sql`json_object('id', ${node}.node_id, 'type', 'node',
    'reported', json(${reportedDocument(node)}),
    'metadata', json_object(${list(metadata)}), 'ancestors', json_object(${list(ancestors)}))`;
}

function json(source: Source, path: Path): Sql {
  return sql`json(${source.property(path).json})`;
}

function list(parts: readonly Sql[]): Sql {
  return parts.reduce((left, right) => sql`${left}, ${right}`);
}
