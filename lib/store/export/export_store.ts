import type { NodeFilter } from "../read_graph.ts";
import type { Store } from "../store.ts";
import { csvOf } from "./csv.ts";
import { dotOf } from "./dot.ts";
import type { ExportFormat, ExportSink } from "./format.ts";
import { graphmlOf } from "./graphml.ts";
import { jsonOf, ndjsonOf } from "./json.ts";
import { writeParquet } from "./parquet.ts";

/** What to export. */
export interface ExportOptions {
  readonly format: ExportFormat;
  readonly filter?: NodeFilter;
  /** For `csv` and `parquet`, which hold one table; default `nodes`. */
  readonly table?: "nodes" | "edges";
  readonly signal?: AbortSignal;
}

/** Characters gathered before they are written. */
const CHUNK = 64 * 1024;

/**
 * Writes the graph, or the part that a filter lets through, without holding it: only `parquet`
 * gathers a group of rows at a time.
 */
export async function exportStore(
  store: Store,
  options: ExportOptions,
  sink: ExportSink,
): Promise<void> {
  const { format, filter = {}, table = "nodes", signal } = options;
  if (format === "parquet") return await writeParquet(store, filter, table, sink, signal);
  const encoder = new TextEncoder();
  let gathered = "";
  for (const text of textOf(store, format, filter, table)) {
    gathered += text;
    if (gathered.length < CHUNK) continue;
    signal?.throwIfAborted();
    await sink.write(encoder.encode(gathered));
    gathered = "";
  }
  if (gathered !== "") await sink.write(encoder.encode(gathered));
}

function textOf(
  store: Store,
  format: Exclude<ExportFormat, "parquet">,
  filter: NodeFilter,
  table: "nodes" | "edges",
): Iterable<string> {
  switch (format) {
    case "ndjson":
      return ndjsonOf(store, filter);
    case "json":
      return jsonOf(store, filter);
    case "csv":
      return csvOf(store, filter, table);
    case "dot":
      return dotOf(store, filter);
    case "graphml":
      return graphmlOf(store, filter);
  }
}
