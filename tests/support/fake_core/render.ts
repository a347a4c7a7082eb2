import type { GraphDatabase, StoredEdge, StoredNode } from "./database.ts";
import type { CoreDialect } from "./dialect.ts";
import type { JsonObject } from "./json.ts";
import type { Model } from "./model.ts";
import { LEVELS } from "./refs.ts";

const AGES = { age: "ctime", last_update: "mtime", last_access: "atime" } as const;

/** A node as a core answers it: with what it lies in and its ages. */
export function renderNode(
  database: GraphDatabase,
  dialect: CoreDialect,
  model: Model,
  node: StoredNode,
  now: number,
): JsonObject {
  const { id, revision, reported, desired, metadata } = node;
  const around = ancestors(database, node);
  const kind = reported["kind"];
  return {
    id,
    type: "node",
    revision,
    reported: { ...reported, ...ages(reported, dialect, now) },
    ...(isFilled(desired) ? { desired } : {}),
    ...(isFilled(metadata) ? { metadata } : {}),
    ...(isFilled(around) ? { ancestors: around } : {}),
    ...(dialect === "ckcore" && typeof kind === "string"
      ? { kinds: [...model.hierarchy(kind)] }
      : {}),
  };
}

export function renderEdge({ from, to, type, reported }: StoredEdge, dialect: CoreDialect) {
  return dialect === "ckcore"
    ? { type: "edge", from, to }
    : { type: "edge", from, to, edge_type: type, ...(reported ? { reported } : {}) };
}

/** `ancestors.cloud.reported.id` and so on; a node is no ancestor of itself. */
export function ancestors(database: GraphDatabase, node: StoredNode): JsonObject {
  const all: Record<string, unknown> = {};
  for (const level of LEVELS) {
    const id = node.refs[level];
    const place = id === undefined || id === node.id ? undefined : database.nodes.get(id);
    if (place === undefined) continue;
    all[level] = { reported: { name: place.reported["name"], id: place.reported["id"] } };
  }
  return all;
}

function ages(reported: JsonObject, dialect: CoreDialect, now: number): JsonObject {
  const all: Record<string, string> = {};
  for (const [name, source] of Object.entries(AGES)) {
    const time = Date.parse(String(reported[source]));
    if (!Number.isNaN(time)) all[name] = duration(now - time, dialect);
  }
  return all;
}

const UNITS: Readonly<Record<CoreDialect, readonly (readonly [string, number])[]>> = {
  ckcore: [["y", 366 * 86400], ["M", 30.5 * 86400], ["d", 86400], ["h", 3600], ["m", 60], ["s", 1]],
  fixcore: [
    ...[["yr", 365 * 86400], ["mo", 31 * 86400], ["d", 86400]] as const,
    ...[["h", 3600], ["min", 60], ["s", 1]] as const,
  ],
};

/** The two largest units: `2d3h`, `1h7min`. */
function duration(ms: number, dialect: CoreDialect): string {
  let rest = Math.floor(Math.abs(ms) / 1000);
  const parts: string[] = [];
  for (const [unit, seconds] of UNITS[dialect]) {
    const count = Math.floor(rest / seconds);
    if (count === 0 || parts.length === 2) continue;
    parts.push(`${count}${unit}`);
    rest -= count * seconds;
  }
  return (ms < 0 ? "-" : "") + (parts.join("") || "0s");
}

function isFilled(section: JsonObject | undefined): boolean {
  return section !== undefined && Object.keys(section).length > 0;
}
