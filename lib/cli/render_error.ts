import { CkError, type ErrorContext, QueryError } from "../errors/mod.ts";
import stringWidth from "string-width";
import { printable } from "./table.ts";

/** How much of an error is shown. */
export interface ErrorStyle {
  /** Context, chain of causes and stacks too. */
  readonly verbose: boolean;
}

/**
 * One line for people: `ckworker: <what failed>: <why>. <what to do>`. A bug says that it is one and
 * keeps its stack.
 */
export function renderError(thrown: unknown, { verbose }: ErrorStyle): string {
  const lines = thrown instanceof CkError ? expected(thrown) : bug(thrown);
  const more = verbose ? [...details(thrown)] : [];
  return [...lines, ...more].map((line) => `${line}\n`).join("");
}

function expected(error: CkError): readonly string[] {
  const text = `ckworker: ${sentence(error.message)}${error.hint ? ` ${error.hint}` : ""}`;
  const line = printable(text.replaceAll(/\s*[\r\n]+\s*/g, " "));
  return error instanceof QueryError ? [line, ...excerpt(error)] : [line];
}

/** Characters of a query that are shown on both sides of a fault. */
const AROUND = 60;

/** The line of the query that the fault is in, with a mark below the place. */
function excerpt({ text, at }: QueryError): readonly string[] {
  if (at === undefined || text.trim() === "") return [];
  const start = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - AROUND);
  const [line = ""] = text.slice(start, at + AROUND).split(/\r?\n/);
  return [
    `  ${printable(line)}`,
    `  ${" ".repeat(stringWidth(printable(line.slice(0, at - start))))}^`,
  ];
}

function bug(thrown: unknown): readonly string[] {
  const text = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
  return ["ckworker: this is a fault of ckworker itself, please report it:", text];
}

function sentence(text: string): string {
  return /[.?!:]$/.test(text) ? text : `${text}.`;
}

function* details(thrown: unknown): Iterable<string> {
  let current = thrown;
  for (let depth = 0; current instanceof Error && depth < 10; depth++, current = current.cause) {
    if (depth > 0) yield `  because: ${current.name}: ${current.message}`;
    if (current instanceof CkError) {
      yield `  ${[`code=${current.code}`, ...contextOf(current.context)].join(" ")}`;
      yield* stackOf(current);
    } else if (depth > 0) yield* stackOf(current);
  }
}

function contextOf(context: ErrorContext): readonly string[] {
  return Object.entries(context).map(([key, value]) => `${key}=${value}`);
}

function stackOf(error: Error): readonly string[] {
  const lines = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  return lines.map((line) => `  ${line}`);
}
