import type { GraphDatabase, StoredNode } from "./database.ts";
import { type CoreDialect, DIALECT_FACTS } from "./dialect.ts";
import { deepMerge, isObject, type JsonObject, parseJson } from "./json.ts";
import type { Model } from "./model.ts";
import { refuse } from "./refusal.ts";
import { checkReported } from "./values.ts";

/**
 * Changes sections of nodes, all of them or none. Unknown nodes are passed over.
 * @returns the changed nodes
 * @throws Refusal 400 for the first line that is no such change
 */
export function patchNodes(
  database: GraphDatabase,
  dialect: CoreDialect,
  model: Model,
  lines: readonly string[],
): readonly StoredNode[] {
  const patches = lines.map((line) => readPatch(line, dialect));
  const ids = new Set(patches.map(({ id }) => id));
  if (ids.size < patches.length) throw refuse("AttributeError", "an id comes more than once");
  const changed = patches.flatMap((patch) => {
    const node = database.nodes.get(patch.id);
    return node === undefined ? [] : [patched(node, patch.json, dialect, model)];
  });
  return changed.map((node) => database.put(node));
}

function readPatch(line: string, dialect: CoreDialect) {
  const json = parseJson(line);
  if (!isObject(json)) throw refuse("JSONDecodeError", `no JSON object: ${line.slice(0, 80)}`);
  const { id } = json;
  if (typeof id !== "string") throw refuse("AttributeError", "No id given for the node");
  const { patchKeys } = DIALECT_FACTS[dialect];
  const strange = Object.keys(json).filter((key) => !patchKeys.includes(key));
  if (strange.length > 0) throw refuse("AttributeError", `unknown keys: ${strange.join(", ")}`);
  const sections = Object.keys(json).filter((key) => key !== "id" && key !== "revision");
  if (sections.length === 0) throw refuse("AttributeError", `no section for node ${id}`);
  for (const name of sections) {
    const isDeleted = json[name] === null && name !== "reported";
    if (!isObject(json[name]) && !isDeleted) throw refuse("AttributeError", `${name} is no object`);
  }
  return { id, json };
}

function patched(
  node: StoredNode,
  json: JsonObject,
  dialect: CoreDialect,
  model: Model,
): StoredNode {
  const { revision, reported, desired, metadata } = json;
  if (revision !== undefined && revision !== node.revision) {
    throw refuse("OptimisticLockingFailed", `node ${node.id} has the revision ${node.revision}`);
  }
  const fresh: { reported: JsonObject; desired?: JsonObject; metadata?: JsonObject } = { ...node };
  if (isObject(reported)) fresh.reported = checkedReported(node, reported, dialect, model);
  for (const [name, value] of [["desired", desired], ["metadata", metadata]] as const) {
    if (value === null) delete fresh[name];
    if (isObject(value)) fresh[name] = tidied(deepMerge(fresh[name] ?? {}, value), dialect);
  }
  const { id, refs, hash, sent, usage } = node;
  const { reported: told, desired: wanted, metadata: known } = fresh;
  return {
    ...{ id, refs, hash, revision: node.revision, reported: told },
    ...(wanted ? { desired: wanted } : {}),
    ...(known ? { metadata: known } : {}),
    ...(sent ? { sent } : {}),
    ...(usage ? { usage } : {}),
  };
}

/** Properties are replaced one by one; what is in them is not merged. */
function checkedReported(
  node: StoredNode,
  reported: JsonObject,
  dialect: CoreDialect,
  model: Model,
): JsonObject {
  const merged = tidied({ ...node.reported, ...reported }, dialect);
  const kind = merged["kind"];
  const { value, problems } = checkReported(model, String(kind), merged);
  const [problem] = problems;
  if (problem !== undefined) throw refuse("AttributeError", problem);
  return isObject(value) ? value : merged;
}

/** In the newer core null takes a key away. */
function tidied(value: JsonObject, dialect: CoreDialect): JsonObject {
  if (dialect === "ckcore") return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, isObject(inner) ? tidied(inner, dialect) : inner]),
  );
}
