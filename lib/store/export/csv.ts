import { allEdges, allNodes, type NodeFilter } from "../read_graph.ts";
import type { Store } from "../store.ts";
import { nodeTable, type TableCell } from "./table.ts";

/** CSV as RFC 4180 has it: a head, lines ended by CR LF, quotes where they are needed. */
export function* csvOf(
  store: Store,
  filter: NodeFilter,
  table: "nodes" | "edges",
): Generator<string> {
  if (table === "edges") {
    yield csvLine(["from", "to", "type"]);
    for (const { from, to, type } of allEdges(store, filter)) yield csvLine([from, to, type]);
    return;
  }
  const { columns, rowOf } = nodeTable(store, filter);
  const names = columns.map(({ name }) => name);
  yield csvLine(names);
  for (const node of allNodes(store, filter)) {
    const row = rowOf(node);
    yield csvLine(names.map((name) => row[name] ?? null));
  }
}

/** One line, ended. */
export function csvLine(cells: readonly TableCell[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: TableCell): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
