import type { EdgeType, Navigation, With } from "../tree.ts";
import { cannotSay, type QueryDialect } from "./dialect.ts";
import { printTerm } from "./term.ts";

/** @throws QueryError `query.dialect` for types and conditions that the generation cannot say */
export function printNav(nav: Navigation, dialect: QueryDialect): string {
  const { direction, types, outTypes, filter } = nav;
  const left = printTypes(types, dialect);
  const twoSided = direction === "both" && !sameTypes(types, outTypes);
  if (twoSided && dialect === "ckcore") {
    throw cannotSay("edges of one type against and of another along their direction", dialect);
  }
  if (filter !== undefined && dialect === "ckcore") throw cannotSay("data of edges", dialect);
  const condition = filter === undefined ? "" : `{${printTerm(filter, dialect, "inner")}}`;
  const right = twoSided ? printTypes(outTypes, dialect, "always") : "";
  // Between two types a range has to stand, or they would be one word.
  const range = twoSided ? printRange(nav) || "[1]" : printRange(nav);
  const edge = `${
    twoSided ? printTypes(types, dialect, "always") : left
  }${range}${condition}${right}`;
  if (direction === "out") return `-${edge}->`;
  return direction === "in" ? `<-${edge}-` : `<-${edge}->`;
}

/** @throws QueryError `query.dialect` likewise, and for ranges that it cannot count over */
export function printWith(
  within: With,
  dialect: QueryDialect,
  names: ReadonlySet<string>,
): string {
  const { op, number, nav, term } = within;
  if (dialect === "ckcore" && nav.from > 1) {
    throw cannotSay("with(…) over a range that begins behind 1", dialect);
  }
  const rest = [
    printNav(nav, dialect),
    ...(term === undefined ? [] : [printTerm(term, dialect, names)]),
    ...(within.within === undefined ? [] : [printWith(within.within, dialect, names)]),
  ];
  return `with(${printCount(op, number)}, ${rest.join(" ")})`;
}

function printCount(op: With["op"], number: number): string {
  if (number === 0 && op === "==") return "empty";
  return number === 0 && op === ">" ? "any" : `count ${op} ${number}`;
}

/** `dependency` alone goes without saying, except between two different sides. */
function printTypes(
  types: readonly EdgeType[],
  dialect: QueryDialect,
  when: "always" | "needed" = "needed",
): string {
  if (when === "needed" && sameTypes(types, ["dependency"])) return "";
  if (dialect === "ckcore" && (types.length > 1 || types.includes("iam"))) {
    throw cannotSay(`edges of type ${types.join(" and ")} at once`, dialect);
  }
  return types.map((type) => type === "dependency" && dialect === "fixcore" ? "default" : type)
    .join(",");
}

function sameTypes(a: readonly EdgeType[], b: readonly EdgeType[]): boolean {
  return a.length === b.length && a.every((type, index) => type === b[index]);
}

function printRange({ from, to }: Navigation): string {
  if (from === to) return from === 1 ? "" : `[${from}]`;
  return `[${from}:${to ?? ""}]`;
}
