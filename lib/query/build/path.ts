import type { RawPath } from "../grammar/grammar.d.ts";
import type { Path, PathStep } from "../tree.ts";
import type { BuildContext } from "./context.ts";

/** Words that begin a path from the root of the document. */
const ROOTS: ReadonlySet<string> = new Set(["reported", "desired", "metadata", "security"]);
/** Likewise, when more follows: alone they are properties. */
const ROOTS_OF_MORE: ReadonlySet<string> = new Set(["ancestors", "descendants", "usage"]);
/** Levels whose name stands for that of the ancestor: `account` is the account's name. */
const LEVELS: ReadonlySet<string> = new Set(["cloud", "account", "region", "zone"]);
const NODE_ID = "_key";

/**
 * Gives a path its root. A leading slash is a root in itself; `reported`, `desired`, `metadata`,
 * `ancestors`, `descendants` and merged names are one, too; everything else belongs to the section.
 */
export function buildPath(raw: RawPath, context: BuildContext): Path {
  return context.places.note([...rooted(raw, context)], raw.at);
}

function rooted(raw: RawPath, { section, names }: BuildContext): readonly PathStep[] {
  const { elements, absolute } = raw;
  const [first] = elements;
  if (first === undefined || section === undefined || names.has(first.name)) return elements;
  if (first.name === NODE_ID && elements.length === 1) return elements;
  if (absolute && first.name === "id" && elements.length === 1) return [{ name: NODE_ID }];
  if (absolute || isRoot(elements)) return elements;
  if (section === "reported" && LEVELS.has(first.name) && first.index === undefined) {
    const below = elements.length === 1 ? [{ name: "name" }] : elements.slice(1);
    return [{ name: "ancestors" }, first, { name: "reported" }, ...below];
  }
  return [{ name: section }, ...elements];
}

function isRoot([first, ...more]: readonly PathStep[]): boolean {
  if (first === undefined || first.index !== undefined) return false;
  return ROOTS.has(first.name) || more.length > 0 && ROOTS_OF_MORE.has(first.name);
}
