import {
  AGES,
  formatDuration,
  mentions,
  type ParsedQuery,
  type Path,
  pathText,
} from "../../query/mod.ts";
import type { FoundNode } from "../../store/query/prepare.ts";
import type { Cell } from "../table.ts";

/** Columns of a table of nodes. */
export interface NodeColumns {
  /** Headings for people. */
  readonly head: readonly string[];
  /** Names for programs. */
  readonly names: readonly string[];
  /** Properties that have to be read for them. */
  readonly paths: readonly Path[];
  readonly cellsOf: (node: FoundNode) => readonly Cell[];
}

/** A property that has a column of its own. */
interface Column {
  readonly name: string;
  readonly path: Path;
  readonly isAge: boolean;
}

const FIXED = ["kind", "id", "name", "account", "region"];
/** Paths that the fixed columns show already. */
const SHOWN: ReadonlySet<string> = new Set([
  ...["reported.kind", "reported.id", "reported.name", "_key"],
  ...["account", "region"].flatMap((level) =>
    ["id", "name"].map((name) => `ancestors.${level}.reported.${name}`)
  ),
]);
/** Columns of properties at most. */
const MOST = 6;

/** What every node has, then the properties that the query is about. */
export function nodeColumns(parsed: ParsedQuery, now: Date): NodeColumns {
  const columns = ownColumns(parsed);
  const names = [...FIXED, ...columns.map(({ name }) => name)];
  return {
    head: names.map((name) => name.toUpperCase()),
    names,
    paths: columns.map(({ path }) => path),
    cellsOf: ({ kind, id, name, account, region, values }) => [
      ...[kind, id, name, placeText(account), placeText(region)],
      ...columns.map(({ isAge }, index) => cell(values[index], isAge, now)),
    ],
  };
}

function ownColumns({ query }: ParsedQuery): readonly Column[] {
  const columns = new Map<string, Column>();
  for (const mention of mentions(query)) {
    if (mention.type === "kinds" || mention.names.size > 0) continue;
    const column = columnOf(mention.path);
    if (column !== undefined && columns.size < MOST) columns.set(column.name, column);
  }
  return [...columns.values()];
}

/** A path through the elements of an array is shown up to the array. */
function columnOf(path: Path): Column | undefined {
  const [section, ...below] = path;
  const star = path.findIndex(({ index }) => index === "*");
  const whole = star < 0
    ? path
    : [...path.slice(0, star), ...path.slice(star, star + 1).map(({ name }) => ({ name }))];
  if (section === undefined || below.length === 0 || SHOWN.has(pathText(whole))) return undefined;
  const name = pathText(section.name === "reported" ? whole.slice(1) : whole);
  const date = AGES.get(name);
  if (section.name !== "reported" || date === undefined) return { name, path: whole, isAge: false };
  return { name, path: [section, { name: date }], isAge: true };
}

function cell(value: unknown, isAge: boolean, now: Date): Cell {
  if (value === undefined || value === null) return "";
  if (isAge) return formatDuration(now.getTime() - Date.parse(String(value)));
  return typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value);
}

/** There is no such place in the text of node ids. */
function placeText(place: string): string {
  return place === "undefined" ? "" : place;
}
