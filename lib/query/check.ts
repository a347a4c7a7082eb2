import { didYouMean, QueryError } from "../errors/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import type { ParsedQuery } from "./parse.ts";
import { PropertyTypes } from "./property_types.ts";
import { type CopiedAncestor, type Path, pathText } from "./tree.ts";
import { mentions } from "./mentions.ts";

/** What a query is checked against. */
export interface CheckOptions {
  readonly kinds: KindIndex;
  /** Kinds that are stored without being in a model, their plugin not being loaded. */
  readonly stored?: Iterable<string>;
}

/**
 * Checks that every kind and property that a query names is known: a core answers a mistyped one
 * with nothing found, which looks like an answer. Where kinds are stored of which no model is
 * loaded, properties cannot be checked and are taken as they are.
 * @throws QueryError `query.meaning` with the place and what is near
 */
export function checkQuery(
  { query, text, places }: ParsedQuery,
  { kinds, stored = [] }: CheckOptions,
): void {
  const foreign = [...stored].filter((name) => kinds.get(name) === undefined);
  const known = [...kinds.all()].filter(({ nested }) => nested !== true).map(({ name }) => name);
  const types = new PropertyTypes(kinds);
  for (const mention of mentions(query)) {
    if (mention.type === "kinds") {
      const unknown = mention.kinds
        .find((kind) => !known.includes(kind) && !foreign.includes(kind));
      if (unknown === undefined) continue;
      throw new QueryError("meaning", `there is no kind ${unknown}`, {
        text,
        at: places.of(mention.node),
        hint: didYouMean(unknown, [...known, ...foreign], "See ckworker kinds"),
      });
    }
    if (foreign.length > 0 || isMerged(mention.path, mention.names, query.ancestors)) continue;
    const wrong = firstUnknown(mention.path, types);
    if (wrong === undefined) continue;
    throw new QueryError("meaning", `no kind has a property ${pathText(wrong)}`, {
      text,
      at: places.of(mention.path),
      hint: didYouMean(
        wrong.at(-1)?.name ?? "",
        types.namesBeside(wrong),
        "See ckworker kinds KIND for the properties of a kind",
      ),
    });
  }
}

/** Paths into what the query itself put there. */
function isMerged(
  path: Path,
  names: ReadonlySet<string>,
  ancestors: readonly CopiedAncestor[],
): boolean {
  const [first, second] = path;
  return first !== undefined && names.has(first.name) ||
    ancestors.some(({ name }) => name === second?.name);
}

/** The path up to its first unknown step. */
function firstUnknown(path: Path, types: PropertyTypes): Path | undefined {
  const least = path[0]?.name === "ancestors" || path[0]?.name === "descendants" ? 4 : 2;
  for (let length = Math.min(least, path.length); length <= path.length; length++) {
    const part = path.slice(0, length);
    if (types.typeOf(part) === undefined) return part;
  }
  return undefined;
}
