import type { RawAggregate, RawFunction, RawGroup } from "../grammar/grammar.d.ts";
import { type Aggregate, type Figure, type Group, type Path, pathText } from "../tree.ts";
import { type BuildContext, meaningError } from "./context.ts";
import { buildPath } from "./path.ts";

/** @throws QueryError when two results have one name */
export function buildAggregate(raw: RawAggregate, context: BuildContext): Aggregate {
  const groups = raw.groups.map((group) => buildGroup(group, context));
  const figures = raw.functions.map((figure) => buildFigure(figure, context));
  for (const part of [groups, figures]) {
    const names = part.map(({ name }) => name);
    const twice = part.find(({ name }, index) => names.indexOf(name) < index);
    if (twice !== undefined) {
      throw meaningError(
        context,
        raw.at,
        `two results of the aggregation are named ${twice.name}`,
        "Name one of them with `as`",
      );
    }
  }
  return { groups, figures };
}

/** Names of all results, by which an aggregation is sorted. */
export function resultNames({ groups, figures }: Aggregate): readonly string[] {
  return [...groups, ...figures].map(({ name }) => name);
}

function buildGroup(raw: RawGroup, context: BuildContext): Group {
  const texts = raw.texts
    .map((text) => typeof text === "string" ? text : buildPath(text, context));
  const [only] = raw.texts;
  const standard = texts.length === 1 && typeof only === "object"
    ? only.elements.at(-1)?.name ?? ""
    : "group";
  return { name: raw.as ?? nameOf(standard), texts };
}

function buildFigure(raw: RawFunction, context: BuildContext): Figure {
  const of: Path | number = typeof raw.of === "number" ? raw.of : buildPath(raw.of, context);
  const written = typeof raw.of === "number" ? String(raw.of) : pathText(raw.of.elements);
  return {
    name: raw.as ?? nameOf(`${raw.name}_of_${written}`),
    function: raw.name,
    of,
    steps: raw.steps,
  };
}

/** Results are named by words, for sorting and for `as`. */
function nameOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]+/g, "_").replace(/^[^A-Za-z0-9]+/, "") || "result";
}
