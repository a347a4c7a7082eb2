import { QueryError } from "../errors/mod.ts";
import { printNav, printWith } from "./print/navigation.ts";
import { printPath } from "./print/path.ts";
import { printTerm } from "./print/term.ts";
import { printNumber, printText } from "./print/value.ts";
import { cannotSay, type QueryDialect } from "./print/dialect.ts";
import type { Aggregate, CopiedAncestor, Figure, Group, Merge, Part, Query } from "./tree.ts";

/**
 * Writes a query in the words of one generation of the core, every path from the root, so that it
 * means the same whatever section the core takes as its default. Reading the text gives the query
 * again.
 * @throws QueryError `query.dialect` for what that generation has no words for
 */
export function printQuery(query: Query, dialect: QueryDialect): string {
  const { aggregate, ancestors } = query;
  const head = [
    ...(aggregate === undefined ? [] : [printAggregate(aggregate, dialect)]),
    ...(ancestors.length === 0 ? [] : [printAncestors(ancestors, dialect)]),
  ];
  const body = printParts(query, dialect);
  if (body === "") throw new QueryError("meaning", "a query without anything in it");
  return head.length === 0 ? body : `${head.join(" ")}: ${body}`;
}

/**
 * One generation takes the first letters of a query for a section without looking for the end of
 * the word, and `descendants` begins with `des`. A parenthesis in front prevents it.
 */
function guarded(term: string, dialect: QueryDialect): string {
  return dialect === "ckcore" && term.startsWith("descendants") ? `(${term})` : term;
}

function printParts({ aggregate, parts }: Query, dialect: QueryDialect): string {
  return parts.map((part, index) => {
    const last = index === parts.length - 1;
    if (!last && part.nav === undefined && dialect === "fixcore") {
      throw cannotSay("two parts without a navigation between them", dialect);
    }
    return printPart(part, dialect, last && aggregate !== undefined);
  }).join(" ");
}

function printPart(part: Part, dialect: QueryDialect, sortsResults: boolean): string {
  refuseUnknown(part, dialect);
  const { term, merges, after, within, tag, sort, limit, nav, reversed, usage } = part;
  const keys = sort.map(({ path, descending }) => {
    const name = sortsResults ? path[0]?.name ?? "" : printPath(path, dialect, namesOf(merges));
    return `${name} ${descending ? "desc" : "asc"}`;
  });
  const offset = limit === undefined || limit.offset === 0 ? "" : `${limit.offset}, `;
  const names = namesOf(merges);
  return [
    usage &&
    `with_usage(${usage.from}${usage.to === undefined ? "" : `::${usage.to}`}, [${
      usage.metrics.map(printText).join(", ")
    }])`,
    term && guarded(printTerm(term, dialect, new Set()), dialect),
    merges.length > 0 && `{${merges.map((merge) => printMerge(merge, dialect)).join(", ")}}`,
    after && printTerm(after, dialect, names),
    within && printWith(within, dialect, names),
    tag !== undefined && `#${tag}`,
    keys.length > 0 && `sort ${keys.join(", ")}`,
    limit && `limit ${offset}${limit.count}`,
    reversed && "reversed",
    nav && printNav(nav, dialect),
  ].filter((text) => typeof text === "string").join(" ");
}

function refuseUnknown({ usage, reversed, limit }: Part, dialect: QueryDialect): void {
  if (dialect === "fixcore") return;
  if (usage !== undefined) throw cannotSay("with_usage", dialect);
  if (reversed) throw cannotSay("reversed", dialect);
  if (limit !== undefined && limit.offset > 0) throw cannotSay("a limit with an offset", dialect);
}

function printMerge({ name, list, query }: Merge, dialect: QueryDialect): string {
  return `${name}${list ? "[]" : ""}: ${printQuery(query, dialect)}`;
}

function namesOf(merges: readonly Merge[]): ReadonlySet<string> {
  return new Set(merges.map(({ name }) => name.split(".")[0] ?? name));
}

function printAggregate({ groups, figures }: Aggregate, dialect: QueryDialect): string {
  const left = groups.map((group) => printGroup(group, dialect)).join(", ");
  const right = figures.map((figure) => printFigure(figure, dialect)).join(", ");
  return `aggregate(${left === "" ? "" : `${left}: `}${right})`;
}

function printGroup({ name, texts }: Group, dialect: QueryDialect): string {
  const [only] = texts;
  if (texts.length === 1 && typeof only === "object") {
    return `${printPath(only, dialect)} as ${name}`;
  }
  const parts = texts.map((text) =>
    typeof text === "string" ? printGroupText(text, dialect) : `{${printPath(text, dialect)}}`
  );
  return `"${parts.join("")}" as ${name}`;
}

function printGroupText(text: string, dialect: QueryDialect): string {
  if (text.includes("{")) throw cannotSay("a brace in the text of a group", dialect);
  return printText(text).slice(1, -1);
}

function printFigure(figure: Figure, dialect: QueryDialect): string {
  const { name, of, steps } = figure;
  if (dialect === "ckcore" && (figure.function === "stddev" || figure.function === "variance")) {
    throw cannotSay(figure.function, dialect);
  }
  const start = typeof of === "number" ? String(of) : printPath(of, dialect);
  const rest = steps.map(({ operator, operand }) => ` ${operator} ${printNumber(operand)}`);
  return `${figure.function}(${start}${rest.join("")}) as ${name}`;
}

function printAncestors(ancestors: readonly CopiedAncestor[], dialect: QueryDialect): string {
  if (dialect === "fixcore") throw cannotSay("merge_with_ancestors", dialect);
  const list = ancestors.map(({ kind, name }) => kind === name ? kind : `${kind} as ${name}`);
  return `(merge_with_ancestors="${list.join(",")}")`;
}
