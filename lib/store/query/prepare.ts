import { QueryError } from "../../errors/mod.ts";
import {
  checkQuery,
  compileQuery,
  type EdgeType,
  navigations,
  type ParsedQuery,
  type Path,
  PropertyTypes,
  type QuerySql,
  type Sql,
  sqlFunctions,
} from "../../query/mod.ts";
import { NODE_COLUMNS, NODE_JOINS, nodeReader, type NodeRow } from "../read_graph.ts";
import type { ReadEdge, ReadNode } from "../read_graph.ts";
import type { Store } from "../store.ts";
import { nodeDocument } from "./document.ts";
import { groupsOf, type QueryGroup } from "./groups.ts";

/** How to ask. */
export interface QueryOptions {
  /** The moment that ages are counted from; default the store's clock. */
  readonly now?: Date;
  /** Refuse kinds and properties that no model has; default true. */
  readonly check?: boolean;
}

/** A node of an answer. */
export interface FoundNode extends ReadNode {
  /** Tag of the part that found it. */
  readonly tag: string | null;
  /** One line of JSON: the node in the form in which a core answers it. */
  readonly document: () => string;
  /** Values of the properties that were asked for beside; undefined for what the node has not. */
  readonly values: readonly unknown[];
}

/** A query that was compiled for one store. Everything that it yields is read as it is asked for. */
export interface StoredQuery {
  readonly parsed: ParsedQuery;
  readonly sql: QuerySql;
  /** The statement that finds the nodes, or the groups. */
  readonly statement: Sql;
  /** The nodes in order; tagged ones first. @param values properties to read beside */
  nodes(values?: readonly Path[]): Iterable<FoundNode>;
  /** Edges between nodes of the answer. @param types default: those that the query walks along */
  edges(keys: Iterable<number>, types?: readonly EdgeType[]): Iterable<ReadEdge>;
  /** Results of an aggregation. */
  groups(): Iterable<QueryGroup>;
  /** How many nodes the answer has. */
  count(): number;
  /** How SQLite goes about it, a line for each step. */
  plan(): readonly string[];
}

/**
 * Compiles a query for the store.
 * @throws QueryError for kinds and properties that no model has, for values that their property
 *   cannot be compared with, and for what the store has no answer to
 */
export function prepareQuery(
  store: Store,
  parsed: ParsedQuery,
  options: QueryOptions = {},
): StoredQuery {
  const { kinds, db } = store;
  const { now = store.options.now(), check = true } = options;
  db.define(sqlFunctions());
  if (check) checkQuery(parsed, { kinds, stored: storedKinds(store) });
  const sql = compileQuery(parsed, { kinds, types: new PropertyTypes(kinds), now });
  const statement = sql.aggregation?.statement ?? sql.answer;
  if (statement.values.length > MOST_VALUES) throw tooLong(parsed);
  return {
    parsed,
    sql,
    statement,
    nodes: (values = []) => foundNodes(store, sql, values, now),
    edges: (keys, types = walkedTypes(parsed)) => edgesAmong(store, keys, types),
    groups: () => groupsOf(store, sql),
    count: () => countOf(store, sql),
    plan: () => planOf(store, statement),
  };
}

/** SQLite takes 32,766 values; some are needed for the columns of the answer. */
const MOST_VALUES = 32_000;

function tooLong({ text }: ParsedQuery): QueryError {
  return new QueryError("unsupported", "the query compares with too many values", {
    text,
    hint: "Use lists, id in [a, b], which count as one value, or several queries",
  });
}

function storedKinds({ db }: Store): readonly string[] {
  return db.all<{ name: string }>("SELECT name FROM kinds").map(({ name }) => name);
}

interface FoundRow extends NodeRow {
  readonly tag: string | null;
  readonly facts: string;
  readonly merged: string;
  readonly beside: string;
}

const LEVELS = ["cloud", "account", "region", "zone"] as const;

/** The answer's keys come first and in order; everything else is looked up for each of them. */
function* foundNodes(
  store: Store,
  sql: QuerySql,
  values: readonly Path[],
  now: Date,
): Generator<FoundNode> {
  const read = nodeReader(store);
  const facts = [
    sql.property([{ name: "reported" }, { name: "ctime" }]),
    sql.property([{ name: "metadata" }, { name: "expires" }]),
    sql.property([{ name: "metadata" }, { name: "changed_at" }]),
    ...LEVELS.map((level) =>
      sql.property(["ancestors", level, "reported", "name"].map((name) => ({ name })))
    ),
  ];
  const columns = [
    jsonList(facts, "facts"),
    jsonList(sql.merges.map(({ json }) => json), "merged"),
    jsonList(values.map(sql.property), "beside"),
  ];
  const text = `SELECT ${NODE_COLUMNS}, a.tag, ${columns.map((column) => column.text).join(", ")}
    FROM (${sql.answer.text}) a CROSS JOIN nodes n ON n.key = a.key ${NODE_JOINS}`;
  const given = [...columns.flatMap((column) => column.values), ...sql.answer.values];
  for (const { tag, facts, merged, beside, ...row } of store.db.iterate<FoundRow>(text, ...given)) {
    const node = read(row);
    yield {
      ...node,
      tag,
      document: () => nodeDocument(node, factsOf(facts, merged, tag, sql), now),
      values: texts(beside).map((json) => json === null ? undefined : JSON.parse(json)),
    };
  }
}

function factsOf(facts: string, merged: string, tag: string | null, sql: QuerySql) {
  const [createdAt = null, expiresAt = null, changedAt = null, ...names] = texts(facts)
    .map((json): string | null => json === null ? null : String(JSON.parse(json)));
  const [cloud = null, account = null, region = null, zone = null] = names;
  const documents = texts(merged);
  return {
    createdAt,
    expiresAt,
    changedAt,
    ancestors: { cloud, account, region, zone },
    tag,
    merged: sql.merges.map(({ name }, index) => [name, documents[index] ?? null] as const),
  };
}

/** JSON texts in one column, each as a text: joined with nothing, SQLite no longer takes it for JSON. */
function jsonList(parts: readonly Sql[], name: string): Sql {
  return {
    text: `json_array(${parts.map(({ text }) => `(${text}) || ''`).join(", ")}) AS ${name}`,
    values: parts.flatMap(({ values }) => values),
  };
}

function texts(list: string): readonly (string | null)[] {
  const parsed: unknown = JSON.parse(list);
  return Array.isArray(parsed) ? parsed.map((text) => typeof text === "string" ? text : null) : [];
}

function walkedTypes({ query }: ParsedQuery): readonly EdgeType[] {
  return [...new Set(navigations(query).flatMap(({ types, outTypes }) => [...types, ...outTypes]))];
}

function* edgesAmong(
  store: Store,
  keys: Iterable<number>,
  types: readonly EdgeType[],
): Generator<ReadEdge> {
  if (types.length === 0) return;
  const numbers = JSON.stringify(types.map((type) => ["dependency", "delete"].indexOf(type)));
  yield* store.db.iterate<ReadEdge>(SELECT_EDGES, JSON.stringify([...keys]), numbers);
}

const SELECT_EDGES = `
WITH chosen(key) AS MATERIALIZED (SELECT DISTINCT value FROM json_each(?1))
SELECT a.node_id AS "from", b.node_id AS "to",
  CASE e.type WHEN 1 THEN 'delete' ELSE 'dependency' END AS type
FROM chosen c CROSS JOIN edges e ON e.from_key = c.key
  CROSS JOIN nodes a ON a.key = e.from_key CROSS JOIN nodes b ON b.key = e.to_key
WHERE e.to_key IN (SELECT key FROM chosen) AND e.type IN (SELECT value FROM json_each(?2))`;

function countOf(store: Store, { answer }: QuerySql): number {
  const row = store.db.get<{ n: number }>(
    `SELECT count(*) AS n FROM (${answer.text})`,
    ...answer.values,
  );
  return row?.n ?? 0;
}

function planOf(store: Store, { text, values }: Sql): readonly string[] {
  return store.db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...values)
    .map(({ detail }) => detail);
}
