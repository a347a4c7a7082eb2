import { QueryError } from "../errors/mod.ts";
import type { Section } from "./build/context.ts";
import { buildQuery } from "./build/query.ts";
import type { Expectation } from "./grammar/grammar.d.ts";
// @ts-types="./grammar/grammar.d.ts"
import { parse, SyntaxError } from "./grammar/grammar.js";
import { Places } from "./places.ts";
import type { Query } from "./tree.ts";

/** How to read a query. */
export interface ParseOptions {
  /** Section of paths that name none; default `reported`. */
  readonly section?: Section;
}

/** A query with the text it was read from. */
export interface ParsedQuery {
  readonly text: string;
  readonly query: Query;
  readonly places: Places;
}

/**
 * Reads a query in the words of either generation of the core; see docs/queries.md.
 * @throws QueryError `query.syntax` with the place where reading ended and what was expected there,
 *   `query.meaning` for what can be read and means nothing
 */
export function parseQuery(text: string, { section = "reported" }: ParseOptions = {}): ParsedQuery {
  const places = new Places();
  const context = {
    text,
    places,
    section,
    names: new Set<string>(),
    edgeType: "dependency",
  } as const;
  return { text, places, query: buildQuery(read(text), context) };
}

function read(text: string) {
  try {
    return parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw syntaxError(text, thrown);
    if (thrown instanceof RangeError) {
      throw new QueryError("syntax", "the query is nested too deeply", { text, cause: thrown });
    }
    throw thrown;
  }
}

function syntaxError(text: string, { expected, found, location }: SyntaxError): QueryError {
  const at = location.start.offset;
  const what = text.trim() === ""
    ? "the query is empty"
    : `query, column ${at + 1}: expected ${alternatives(expected ?? [])} but found ${
      found === null ? "the end" : JSON.stringify(found)
    }`;
  const hint = hintFor(text, at);
  return new QueryError("syntax", what, { text, at, ...(hint === undefined ? {} : { hint }) });
}

/** Alternatives that are shown at most. */
const MOST = 8;

function alternatives(expected: readonly Expectation[]): string {
  const names = [...new Set(expected.map(nameOf))]
    .filter((name) => name !== "blank" && name !== "").toSorted();
  const shown = names.slice(0, MOST);
  const last = shown.length > 1 && names.length <= MOST ? shown.pop() : undefined;
  const list = shown.join(", ");
  if (names.length === 0) return "something else";
  if (names.length > MOST) return `one of ${list}, …`;
  return last === undefined ? list : `${list} or ${last}`;
}

function nameOf({ type, text = "", description = "" }: Expectation): string {
  if (type === "end") return "the end";
  if (type === "other") return description;
  return type === "literal" ? JSON.stringify(text) : "";
}

/** What people coming from other languages write. */
const HABITS: readonly (readonly [RegExp, string])[] = [
  [/^'/, "Text stands in double quotes"],
  [/^&&|^AND\b|^\|\||^OR\b/, "Terms are joined by `and` and `or`"],
  [/^!(?!=|~)|^NOT\b/, "A term is negated by not(…)"],
  [/^<>/, "Different is !="],
  [/^\|/, "A query only reads: nothing can be piped on from here"],
  [/^ASC\b|^DESC\b/, "Write asc or desc"],
  [/^"[^"]*$/, "The text that begins here has no end: a double quote is missing"],
  [/^@/, "Put text with such characters in double quotes"],
];

function hintFor(text: string, at: number): string | undefined {
  const rest = text.slice(at);
  const before = /[A-Za-z]+\s*$/.exec(text.slice(0, at))?.[0] ?? "";
  return HABITS.find(([pattern]) => pattern.test(rest) || pattern.test(before + rest))?.[1];
}
