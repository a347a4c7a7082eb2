import { posix } from "node:path";
import { code } from "./code.ts";
import type { SourceTree } from "./source_tree.ts";

/** One import of a module, static, dynamic, of types only or as a re-export. */
export interface Import {
  /** Importing file. */
  readonly from: string;
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** Repo-relative path of an own file; undefined for packages. */
  readonly target: string | undefined;
}

const IMPORT = /(?<!["'`])\b(?:from|import)\s*\(?\s*"([^"\n]+)"/g;

/** All imports of all TypeScript and JavaScript files, in order. */
export function findImports(tree: SourceTree): readonly Import[] {
  return [...tree].filter(([path]) => /\.(ts|js)$/.test(path))
    .flatMap(([path, text]) => importsOf(path, code(text)));
}

function importsOf(from: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? "";
    const line = text.slice(0, match.index).split("\n").length;
    return { from, line, specifier, target: resolveOwn(from, specifier) };
  });
}

function resolveOwn(from: string, specifier: string): string | undefined {
  if (specifier === "ckworker") return "mod.ts";
  if (!specifier.startsWith(".")) return undefined;
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}
