import type { Property } from "../../model/mod.ts";
import type { NodeFilter, ReadNode } from "../read_graph.ts";
import { parseObject } from "../same_body.ts";
import type { Store } from "../store.ts";

/** A cell: what a table's format writes as nothing, a number, a truth value or text. */
export type TableCell = string | number | boolean | null;

/** Type of a column. */
export type ColumnType = "text" | "integer" | "number" | "boolean" | "json";

/** One column of a table of nodes. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Rows of nodes with fixed columns. */
export interface NodeTable {
  readonly columns: readonly TableColumn[];
  rowOf(node: ReadNode): Readonly<Record<string, TableCell>>;
}

/**
 * Table of the nodes that a filter lets through: with kinds named, a column for each of their
 * properties; without, one column `properties` that holds them as JSON.
 */
export function nodeTable(store: Store, filter: NodeFilter): NodeTable {
  const named = filter.kinds?.filter((kind) => store.kinds.get(kind) !== undefined);
  if (named === undefined) {
    const columns = [...FACTS, { name: "properties", type: "json" as const }];
    return { columns, rowOf: (node) => ({ ...facts(node), properties: node.body }) };
  }
  const properties = propertyColumns(store, named);
  return {
    columns: [...FACTS, ...properties],
    rowOf: (node) => ({ ...facts(node), ...cells(node, properties) }),
  };
}

/** Text of a place that is not there, in node ids, becomes null. */
export function known(place: string): string | null {
  return place === "undefined" ? null : place;
}

const FACTS: readonly TableColumn[] = [
  ...["node_id", "kind", "id", "name", "cloud", "account", "region", "zone"]
    .map((name) => ({ name, type: "text" as const })),
  { name: "stale", type: "boolean" },
  { name: "first_seen_at", type: "text" },
  { name: "last_seen_at", type: "text" },
];

const FACT_NAMES: ReadonlySet<string> = new Set(FACTS.map(({ name }) => name));

function facts(node: ReadNode): Record<string, TableCell> {
  const { kind, id, name, cloud, stale } = node;
  return {
    node_id: node.nodeId,
    ...{ kind, id, name, cloud },
    account: known(node.account),
    region: known(node.region),
    zone: known(node.zone),
    stale,
    first_seen_at: node.firstSeenAt,
    last_seen_at: node.lastSeenAt,
  };
}

/** A property that two kinds type differently, or that is named like a fact, is told apart. */
function propertyColumns(store: Store, kinds: readonly string[]): TableColumn[] {
  const columns = new Map<string, TableColumn>();
  const all = kinds.flatMap((kind) => store.kinds.derived(kind))
    .flatMap((kind) => store.kinds.properties(kind));
  for (const property of all) {
    if (property.synthetic !== undefined || FACT_NAMES.has(property.name)) continue;
    const type = columnType(property);
    const known = columns.get(property.name)?.type ?? type;
    columns.set(property.name, { name: property.name, type: known === type ? type : "json" });
  }
  return [...columns.values()];
}

function columnType({ type }: Property): ColumnType {
  if (/^u?int\d+$/.test(type)) return "integer";
  if (type === "float" || type === "double") return "number";
  if (type === "boolean") return "boolean";
  return ["string", "datetime", "date", "duration"].includes(type) ? "text" : "json";
}

function cells(node: ReadNode, columns: readonly TableColumn[]): Record<string, TableCell> {
  const body = parseObject(node.body);
  return Object.fromEntries(columns.map(({ name, type }) => [name, cellOf(body[name], type)]));
}

/** A value that is not of its declared type is written as null rather than as a lie. */
function cellOf(value: unknown, type: ColumnType): TableCell {
  if (value === undefined || value === null) return null;
  if (type === "json") return JSON.stringify(value);
  if (type === "boolean") return typeof value === "boolean" ? value : null;
  if (type === "text") return typeof value === "string" ? value : JSON.stringify(value);
  if (typeof value !== "number") return null;
  return type === "number" || Number.isSafeInteger(value) ? value : null;
}
