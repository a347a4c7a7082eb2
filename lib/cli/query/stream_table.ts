import stringWidth from "string-width";
import type { Output } from "../io.ts";
import { type Cell, printable } from "../table.ts";

/** Rows that decide about the widths; the rest is printed as it comes. */
const SAMPLE = 1000;
/** Narrowest column that a terminal makes of a wider one. */
const LEAST = 8;
const GAP = "  ";

/**
 * Aligned columns below a head, row by row, so that a large table is never held. On a terminal no
 * line is longer than it is wide: what does not fit ends in `…`.
 */
export function* streamTable(
  head: readonly string[],
  rows: Iterable<readonly Cell[]>,
  { isTerminal, columns }: Pick<Output, "isTerminal" | "columns">,
): Generator<string> {
  const iterator = Iterator.from(rows);
  const sample: (readonly Cell[])[] = [];
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    sample.push(next.value);
    if (sample.length === SAMPLE) break;
  }
  if (sample.length === 0) return yield "Nothing matches\n";
  const wanted = head.map((name, column) =>
    Math.max(...[name, ...sample.map((row) => text(row[column]))].map((cell) => stringWidth(cell)))
  );
  const widths = isTerminal ? fitted(wanted, columns) : wanted;
  const right = head.map((_, column) => sample.some((row) => typeof row[column] === "number"));
  const layout = { widths, right, cut: isTerminal };
  yield line(head, layout);
  for (const row of sample) yield line(row, layout);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    yield line(next.value, layout);
  }
}

interface Layout {
  readonly widths: readonly number[];
  /** Columns that are aligned right. */
  readonly right: readonly boolean[];
  readonly cut: boolean;
}

function line(row: readonly Cell[], { widths, right, cut }: Layout): string {
  const cells = widths.map((width, column) => {
    const whole = text(row[column]);
    const shown = cut ? shorten(whole, width) : whole;
    const blanks = " ".repeat(Math.max(0, width - stringWidth(shown)));
    return right[column] ? blanks + shown : shown + blanks;
  });
  return `${cells.join(GAP).trimEnd()}\n`;
}

function text(cell: Cell | undefined): string {
  return printable(String(cell ?? ""));
}

/** Takes from the widest columns until the line fits. */
function fitted(wanted: readonly number[], columns: number): readonly number[] {
  const widths = [...wanted];
  let over = widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - columns;
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= LEAST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

function shorten(whole: string, width: number): string {
  if (stringWidth(whole) <= width) return whole;
  let short = "";
  for (const character of whole) {
    if (stringWidth(short + character) > width - 1) break;
    short += character;
  }
  return `${short}…`;
}
