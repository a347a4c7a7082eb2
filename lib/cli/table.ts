import Table from "cli-table3";

/** Nothing around and two blanks between the columns, on terminals and in pipes alike. */
const PLAIN = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Cell of a table; numbers are aligned right. */
export type Cell = string | number;

/** Renders rows below a head as aligned columns, one line each. */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const aligns = head.map((_, column) =>
    rows.some((row) => typeof row[column] === "number") ? "right" as const : "left" as const
  );
  const table = new Table({
    chars: PLAIN,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    colAligns: [...aligns],
  });
  table.push([...head], ...rows.map((row) => row.map((cell) => printable(String(cell)))));
  return table.toString().split("\n").map((line) => `${line.trimEnd()}\n`).join("");
}

/** Control characters in names from a cloud must not reach a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\u{fffd}");
}
