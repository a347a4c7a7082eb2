import type { RawEdgeType, RawNav, RawWith } from "../grammar/grammar.d.ts";
import type { EdgeType, Navigation, With } from "../tree.ts";
import { type BuildContext, meaningError } from "./context.ts";
import { buildTerm } from "./term.ts";

/** @throws QueryError for ranges that end before they begin, and for types on both sides */
export function buildNav(raw: RawNav, context: BuildContext): Navigation {
  const { direction, filter } = raw;
  const { from, to } = raw.range ?? { from: 1, to: 1 };
  if (typeof to === "number" && to < from) {
    throw meaningError(context, raw.at, `the range [${from}:${to}] ends before it begins`);
  }
  if (direction !== "both" && raw.left !== null && raw.right !== null) {
    throw meaningError(
      context,
      raw.at,
      "types of edges stand on one side only, except between <- and ->",
    );
  }
  const left = typesOf(raw.left, [context.edgeType]);
  const right = typesOf(raw.right, left);
  return context.places.note({
    direction,
    types: direction === "both" ? left : right,
    outTypes: direction === "both" ? right : [],
    from,
    to: to === "open" ? undefined : to ?? from,
    filter: filter === null ? undefined : buildTerm(filter, { ...context, section: undefined }),
  }, raw.at);
}

/** @throws QueryError as {@link buildNav} does */
export function buildWith(raw: RawWith, context: BuildContext): With {
  return {
    op: raw.count.op,
    number: raw.count.number,
    nav: buildNav(raw.nav, context),
    term: raw.term === null ? undefined : buildTerm(raw.term, context),
    within: raw.within === null ? undefined : buildWith(raw.within, context),
  };
}

/** Type of an edge in our words. */
export function edgeTypeOf(word: RawEdgeType): EdgeType {
  return word === "default" ? "dependency" : word;
}

function typesOf(
  words: readonly RawEdgeType[] | null,
  otherwise: readonly EdgeType[],
): readonly EdgeType[] {
  return words === null ? otherwise : [...new Set(words.map(edgeTypeOf))];
}
