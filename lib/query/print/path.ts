import { QueryError } from "../../errors/mod.ts";
import type { Path, PathStep } from "../tree.ts";
import { cannotSay, type QueryDialect } from "./dialect.ts";

/** Parts of a document that one generation alone has. */
const FIXCORE_ONLY: ReadonlySet<string> = new Set(["usage", "security"]);

/**
 * A path from the root, with the slash that says so where the generation knows it.
 * @param names first words of merged names, at which paths begin without slash; `inner` for paths
 *   that do not begin at the root
 */
export function printPath(
  path: Path,
  dialect: QueryDialect,
  names: ReadonlySet<string> | "inner" = new Set(),
): string {
  const text = path.map(printStep).join(".");
  const first = path[0]?.name ?? "";
  if (names === "inner" || names.has(first)) return text;
  if (dialect === "fixcore") return `/${text}`;
  if (FIXCORE_ONLY.has(first)) throw cannotSay(first, dialect);
  if (first === "ancestors" && path.length < 3) {
    throw cannotSay("an ancestor without one of its properties", dialect);
  }
  return text;
}

function printStep({ name, index }: PathStep): string {
  if (name.includes("`")) {
    throw new QueryError("meaning", `a name with a back tick cannot be written: ${name}`);
  }
  const quoted = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name}\``;
  return index === undefined ? quoted : `${quoted}[${index}]`;
}
