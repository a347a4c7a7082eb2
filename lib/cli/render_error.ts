import { CkError, type ErrorContext } from "../errors/mod.ts";
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
  return [printable(text.replaceAll(/\s*[\r\n]+\s*/g, " "))];
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
