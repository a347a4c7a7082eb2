import { didYouMean } from "../../errors/mod.ts";
import type { RawItem, RawMerge, RawQuery, RawSetting } from "../grammar/grammar.d.ts";
import {
  type CopiedAncestor,
  EMPTY_PART,
  type Merge,
  type Part,
  type Query,
  type SortKey,
} from "../tree.ts";
import { buildAggregate, resultNames } from "./aggregate.ts";
import { type BuildContext, meaningError, type Section } from "./context.ts";
import { buildNav, buildWith, edgeTypeOf } from "./navigation.ts";
import { buildPath } from "./path.ts";
import { buildTerm } from "./term.ts";

/** Section by its first letter: `reported`, `rep` and `r` are the same. */
const SECTION_OF: Readonly<Record<string, Section>> = {
  r: "reported",
  m: "metadata",
  d: "desired",
};

/** Gives what was read its meaning. @throws QueryError */
export function buildQuery(raw: RawQuery, outer: BuildContext): Query {
  const context: BuildContext = {
    ...outer,
    section: SECTION_OF[raw.section.charAt(0)] ?? outer.section,
    edgeType: edgeTypeSetting(raw.preamble ?? [], outer),
  };
  const aggregate = raw.aggregate === null ? undefined : buildAggregate(raw.aggregate, context);
  const results = aggregate === undefined ? undefined : resultNames(aggregate);
  const slices = slicesOf(raw.items);
  const parts = slices.map((items, index) =>
    buildPart(items, context, index === slices.length - 1 ? results : undefined)
  );
  return {
    aggregate,
    ancestors: copiedAncestors(raw.preamble ?? [], context),
    parts: joined(parts),
  };
}

/** The order in which the pieces of one part stand; a term may come again behind a merge. */
const ORDER = [
  "usage",
  "term",
  "merge",
  "after",
  "with",
  "tag",
  "sort",
  "limit",
  "reversed",
  "nav",
];

/** What is out of order begins a new part. */
function slicesOf(items: readonly RawItem[]): readonly (readonly RawItem[])[] {
  const slices: RawItem[][] = [];
  let reached = ORDER.length;
  for (const item of items) {
    const behindMerge = item.type === "term" && reached === ORDER.indexOf("merge");
    const rank = ORDER.indexOf(behindMerge ? "after" : item.type);
    if (rank <= reached && !behindMerge) slices.push([]);
    slices.at(-1)?.push(item);
    reached = rank;
  }
  return slices;
}

function buildPart(
  items: readonly RawItem[],
  context: BuildContext,
  results: readonly string[] | undefined,
): Part {
  let part = EMPTY_PART;
  let inner = context;
  for (const item of items) {
    if (item.type === "merge") inner = { ...inner, names: namesWith(inner, item.merges) };
    part = { ...part, ...piece(item, inner, part, results) };
  }
  return part;
}

function piece(
  item: RawItem,
  context: BuildContext,
  { merges }: Part,
  results: readonly string[] | undefined,
): Partial<Part> {
  switch (item.type) {
    case "usage":
      return { usage: { from: item.from, to: item.to ?? undefined, metrics: item.metrics } };
    case "term": {
      const term = buildTerm(item.term, context);
      return merges.length > 0 ? { after: term } : { term };
    }
    case "merge":
      return { merges: item.merges.map((merge) => buildMerge(merge, context)) };
    case "with":
      return { within: buildWith(item.within, context) };
    case "tag":
      return { tag: item.tag };
    case "sort":
      return { sort: item.keys.map((key) => buildSortKey(key, context, results)) };
    case "limit":
      return {
        limit: item.second === null
          ? { offset: 0, count: item.first }
          : { offset: item.first, count: item.second },
      };
    case "reversed":
      return { reversed: true };
    case "nav":
      return { nav: buildNav(item.nav, context) };
  }
}

type RawSortKey = Extract<RawItem, { readonly type: "sort" }>["keys"][number];

/** The last part of an aggregation is sorted by its results. */
function buildSortKey(
  { path, descending }: RawSortKey,
  context: BuildContext,
  results: readonly string[] | undefined,
): SortKey {
  if (results === undefined) return { path: buildPath(path, context), descending };
  const [only, ...more] = path.elements;
  if (only === undefined || more.length > 0 || !results.includes(only.name)) {
    const name = only?.name ?? "";
    throw meaningError(
      context,
      path.at,
      `the aggregation has no result ${name}`,
      didYouMean(name, results, `It can be sorted by ${results.join(", ")}`),
    );
  }
  return { path: [{ name: only.name }], descending };
}

function buildMerge(raw: RawMerge, context: BuildContext): Merge {
  const query = buildQuery(raw.query, { ...context, names: new Set() });
  const [first] = query.parts;
  if (first === undefined || first.nav === undefined || hasMore(first)) {
    throw meaningError(
      context,
      raw.at,
      `what is merged as ${raw.name} has to begin with a navigation`,
      `For instance {${raw.name}: <-[1:]- is(account)}`,
    );
  }
  return { name: raw.name, list: raw.list, query };
}

function hasMore({ nav: _nav, ...part }: Part): boolean {
  const { nav: _none, ...empty } = EMPTY_PART;
  return JSON.stringify(part) !== JSON.stringify(empty);
}

function namesWith({ names }: BuildContext, merges: readonly RawMerge[]): ReadonlySet<string> {
  return new Set([...names, ...merges.map(({ name }) => name.split(".")[0] ?? name)]);
}

/** Two filters one behind the other are one. */
function joined(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const before = result.at(-1);
    const both = before === undefined ? undefined : join(before, part);
    if (both === undefined) result.push(part);
    else result.splice(-1, 1, both);
  }
  return result;
}

function join(before: Part, part: Part): Part | undefined {
  const { term: left, ...rest } = before;
  const { term: _, ...empty } = EMPTY_PART;
  if (left === undefined || part.term === undefined) return undefined;
  if (JSON.stringify(rest) !== JSON.stringify(empty) || part.usage !== undefined) return undefined;
  return { ...part, term: { type: "and", left, right: part.term } };
}

function edgeTypeSetting(settings: readonly RawSetting[], context: BuildContext) {
  const setting = settings.find(({ key }) => key === "edge_type");
  if (setting === undefined) return context.edgeType;
  const { value, at } = setting;
  if (value === "default" || value === "dependency" || value === "delete" || value === "iam") {
    return edgeTypeOf(value);
  }
  throw meaningError(
    context,
    at,
    `there are no edges of type ${value}`,
    "Types are dependency (also called default), delete and iam",
  );
}

const COPIED = /^(?<kind>[A-Za-z0-9_]+)(?:\s+as\s+(?<name>[A-Za-z0-9_]+))?$/;

function copiedAncestors(
  settings: readonly RawSetting[],
  context: BuildContext,
): readonly CopiedAncestor[] {
  return settings.filter(({ key }) => key === "merge_with_ancestors").flatMap(({ value, at }) =>
    value.split(",").map((text) => {
      const { kind, name } = COPIED.exec(text.trim())?.groups ?? {};
      if (kind !== undefined) return { kind, name: name ?? kind };
      throw meaningError(
        context,
        at,
        "merge_with_ancestors takes kinds of ancestors",
        'For instance merge_with_ancestors="cloud,account as acc"',
      );
    })
  );
}
