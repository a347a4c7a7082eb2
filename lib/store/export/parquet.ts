import { ByteWriter, parquetWriteRows } from "hyparquet-writer";
import { allEdges, allNodes, type NodeFilter } from "../read_graph.ts";
import type { Store } from "../store.ts";
import type { ExportSink } from "./format.ts";
import { type ColumnType, nodeTable, type TableCell } from "./table.ts";

/** Rows held at a time. */
const GROUP_ROWS = 20_000;

const TYPES = {
  text: "STRING",
  integer: "INT64",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  json: "JSON",
} as const satisfies Record<ColumnType, string>;

/** Writes nodes or edges as one Parquet file, compressed with Snappy. */
export async function writeParquet(
  store: Store,
  filter: NodeFilter,
  table: "nodes" | "edges",
  sink: ExportSink,
  signal?: AbortSignal,
): Promise<void> {
  const { columns, rows } = table === "edges" ? edgeRows(store, filter) : nodeRows(store, filter);
  await parquetWriteRows({
    writer: new SinkWriter(sink),
    rows: abortable(rows, signal),
    columns,
    rowGroupSize: GROUP_ROWS,
  });
}

function nodeRows(store: Store, filter: NodeFilter) {
  const table = nodeTable(store, filter);
  const columns = table.columns
    .map(({ name, type }) => ({ name, type: TYPES[type], nullable: true }));
  const types = new Map(table.columns.map(({ name, type }) => [name, type]));
  function* rows() {
    for (const node of allNodes(store, filter)) yield typed(table.rowOf(node), types);
  }
  return { columns, rows: rows() };
}

function edgeRows(store: Store, filter: NodeFilter) {
  const columns = ["from", "to", "type"].map((name) => ({ name, type: TYPES.text }));
  function* rows() {
    for (const { from, to, type } of allEdges(store, filter)) yield { from, to, type };
  }
  return { columns, rows: rows() };
}

/** 64-bit columns take big integers, JSON columns take values. */
function typed(
  row: Readonly<Record<string, TableCell>>,
  types: ReadonlyMap<string, ColumnType>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => {
      if (types.get(name) === "integer" && typeof cell === "number") return [name, BigInt(cell)];
      if (types.get(name) === "json" && typeof cell === "string") return [name, JSON.parse(cell)];
      return [name, cell];
    }),
  );
}

async function* abortable(
  rows: Iterable<Record<string, unknown>>,
  signal?: AbortSignal,
): AsyncGenerator<Record<string, unknown>> {
  for (const row of rows) {
    signal?.throwIfAborted();
    yield row;
  }
}

/** Hands finished bytes on after every group of rows. */
class SinkWriter extends ByteWriter {
  readonly #sink: ExportSink;

  constructor(sink: ExportSink) {
    super();
    this.#sink = sink;
  }

  async flush(): Promise<void> {
    const bytes = new Uint8Array(this.buffer.slice(0, this.index));
    this.index = 0;
    if (bytes.length > 0) await this.#sink.write(bytes);
  }

  override finish(): Promise<void> {
    return this.flush();
  }
}
