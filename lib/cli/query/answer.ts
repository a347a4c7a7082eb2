import { ConfigError } from "../../errors/mod.ts";
import { csvLine } from "../../store/export/csv.ts";
import { dotText } from "../../store/export/dot.ts";
import type { QueryGroup } from "../../store/query/groups.ts";
import type { FoundNode, StoredQuery } from "../../store/query/prepare.ts";
import type { ReadEdge } from "../../store/read_graph.ts";
import type { Output } from "../io.ts";
import type { Cell } from "../table.ts";
import { nodeColumns } from "./columns.ts";
import type { QueryFormat } from "./format.ts";
import { mermaidText } from "./mermaid.ts";
import { streamTable } from "./stream_table.ts";

/** An answer that is to be printed. */
export interface AnswerRequest {
  readonly query: StoredQuery;
  /** Most nodes or groups; infinite for all. */
  readonly limit: number;
  /** Edges between the nodes too, where the form has a place for them. */
  readonly edges: boolean;
  readonly now: Date;
  readonly output: Pick<Output, "isTerminal" | "columns">;
}

/** Nodes that a picture may have: beyond, nobody sees anything and layout takes minutes. */
const MOST_DRAWN = 2000;

/**
 * The answer's text, piece by piece.
 * @throws ConfigError for a picture of groups, and for one with too many nodes
 */
export async function* answerIn(
  format: QueryFormat,
  request: AnswerRequest,
): AsyncGenerator<string> {
  const { query, limit } = request;
  if (query.sql.aggregation !== undefined) {
    yield* groupsIn(format, request, first(query.groups(), limit));
  } else if (format === "svg") yield await svgText(drawn(request));
  else yield* nodesIn(format, request);
}

function nodesIn(format: Exclude<QueryFormat, "svg">, request: AnswerRequest): Iterable<string> {
  switch (format) {
    case "table":
      return tableOfNodes(request);
    case "csv":
      return csvOfNodes(request);
    case "json":
      return asArray(documents(request));
    case "ndjson":
      return asLines(documents(request));
    case "dot":
      return dotText(...drawn(request));
    case "mermaid":
      return mermaidText(...drawn(request));
  }
}

function groupsIn(
  format: QueryFormat,
  { output, query }: AnswerRequest,
  groups: Iterable<QueryGroup>,
): Iterable<string> {
  const { groups: names = [], figures = [] } = query.sql.aggregation ?? {};
  const head = [...names, ...figures.map(({ name }) => name)];
  const rows = () =>
    map(groups, ({ group, figures }) => [
      ...Object.values(group).map(shown),
      ...Object.values(figures).map((value) => value ?? ""),
    ]);
  switch (format) {
    case "table":
      return streamTable(head.map((name) => name.toUpperCase()), rows(), output);
    case "csv":
      return csvOf(head, rows());
    case "json":
      return asArray(map(groups, groupJson));
    case "ndjson":
      return asLines(map(groups, groupJson));
    default:
      throw new ConfigError(`groups cannot be printed as ${format}`, {
        hint: "Use --format table, json, ndjson or csv",
      });
  }
}

function groupJson({ group, figures }: QueryGroup): string {
  return JSON.stringify({ group, ...figures });
}

function tableOfNodes({ query, limit, now, output }: AnswerRequest): Iterable<string> {
  const { head, paths, cellsOf } = nodeColumns(query.parsed, now);
  return streamTable(head, map(first(query.nodes(paths), limit), cellsOf), output);
}

function csvOfNodes({ query, limit, now }: AnswerRequest): Iterable<string> {
  const { names, paths, cellsOf } = nodeColumns(query.parsed, now);
  return csvOf(names, map(first(query.nodes(paths), limit), cellsOf));
}

function* csvOf(head: readonly string[], rows: Iterable<readonly Cell[]>): Generator<string> {
  yield csvLine(head);
  for (const row of rows) yield csvLine(row);
}

function* documents({ query, limit, edges }: AnswerRequest): Generator<string> {
  const keys: number[] = [];
  for (const node of first(query.nodes(), limit)) {
    if (edges) keys.push(node.key);
    yield node.document();
  }
  for (const { from, to, type } of edges ? query.edges(keys, ["dependency", "delete"]) : []) {
    yield JSON.stringify({ type: "edge", from, to, edge_type: type });
  }
}

/** The nodes of a picture, and the edges between them once all nodes were taken. */
function drawn(
  { query, limit }: AnswerRequest,
): [nodes: Iterable<FoundNode>, edges: () => Iterable<ReadEdge>] {
  const keys: number[] = [];
  function* nodes() {
    for (const node of first(query.nodes(), limit)) {
      if (keys.push(node.key) > MOST_DRAWN) throw tooManyToDraw();
      yield node;
    }
  }
  return [nodes(), () => query.edges(keys, ["dependency", "delete"])];
}

function tooManyToDraw(): ConfigError {
  return new ConfigError(`a picture of more than ${MOST_DRAWN} nodes shows nothing`, {
    hint: "Narrow the query, or use --limit",
  });
}

async function svgText(picture: ReturnType<typeof drawn>): Promise<string> {
  const dot = [...dotText(...picture)].join("");
  const { instance } = await import("@viz-js/viz");
  return (await instance()).renderString(dot, { format: "svg" });
}

function* asArray(texts: Iterable<string>): Generator<string> {
  let separator = "[\n";
  for (const text of texts) {
    yield separator + text;
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}

function asLines(texts: Iterable<string>): Iterable<string> {
  return map(texts, (text) => `${text}\n`);
}

function shown(value: unknown): string | number {
  if (value === null || value === undefined) return "";
  return typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value);
}

function* map<From, To>(values: Iterable<From>, change: (value: From) => To): Generator<To> {
  for (const value of values) yield change(value);
}

function* first<Value>(values: Iterable<Value>, limit: number): Generator<Value> {
  let taken = 0;
  if (limit === 0) return;
  for (const value of values) {
    yield value;
    if (++taken >= limit) return;
  }
}
