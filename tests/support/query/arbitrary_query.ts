import fc from "fast-check";
import {
  type Aggregate,
  EMPTY_PART,
  type Navigation,
  type Operator,
  type Part,
  type Path,
  type Query,
  type Term,
  type Value,
  type With,
} from "../../../lib/query/mod.ts";
import { DATES, NUMBERS, TEXTS } from "./arbitrary_graph.ts";

/** Paths with the values that they are compared with. */
const TEXT_PATHS = [
  "reported.kind",
  "reported.id",
  "reported.name",
  "reported.label",
  "reported.tags.owner",
  "reported.tags.my key",
  "reported.labels[0]",
  "reported.labels[*]",
  "reported.ports[*].cidr[*]",
  "ancestors.account.reported.id",
  "ancestors.account.reported.name",
  "ancestors.region.reported.name",
  "ancestors.cloud.reported.id",
  "descendants.t_disk.reported.label",
];
const NUMBER_PATHS = [
  "reported.size",
  "reported.ports[0].from",
  "reported.ports[*].from",
  "ancestors.t_disk.reported.size",
];
const BOOLEAN_PATHS = [
  "reported.open",
  "metadata.protected",
  "metadata.phantom",
  "metadata.stale",
  "desired.clean",
];
const DATE_PATHS = ["reported.made", "reported.ctime", "reported.mtime", "metadata.expires"];
const AGE_PATHS = ["reported.age", "reported.last_update"];
const ANY_PATHS = ["reported.blob", "reported.blob.x", "reported.blob[0]", "reported.blob[*].y"];

/** The path of a text without quotes. */
export function pathOf(text: string): Path {
  return text.split(".").map((step) => {
    const [, name = "", index] = /^(.*?)(?:\[(.*)\])?$/.exec(step) ?? [];
    if (index === undefined) return { name };
    return { name, index: index === "*" ? "*" : Number(index) };
  });
}

const text = fc.constantFrom<Value>(...TEXTS, "a1", "eu", "t_disk", "demo");
const number = fc.constantFrom<Value>(...NUMBERS);
const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constant<Value>(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("x", "y"), tie("value"), { maxKeys: 2 }),
  ),
})).value;

const ORDERS = ["==", "!=", "<", "<=", ">", ">="] as const;
const PATTERNS = ["^a", "b$", "3", ".", "^$", "[0-9]+"];

function predicates(paths: readonly string[], values: fc.Arbitrary<Value>): fc.Arbitrary<Term> {
  const path = fc.constantFrom(...paths).map(pathOf);
  const compared = fc.record({ path, op: fc.constantFrom(...ORDERS), value: values });
  const listed = fc.record({
    path,
    op: fc.constantFrom<Operator>("in", "not in"),
    value: fc.array(values, { maxLength: 3 }),
  });
  return fc.oneof(compared, listed)
    .map((one) => ({ type: "predicate", filter: undefined, ...one }));
}

function withNull(values: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 5, arbitrary: values }, fc.constant(null));
}

const ages: fc.Arbitrary<Term> = fc.record({
  path: fc.constantFrom(...AGE_PATHS).map(pathOf),
  op: fc.constantFrom(...ORDERS),
  value: fc.constantFrom<Value>("2d", "12h", "40d", null),
}).map((one) => ({ type: "predicate", filter: undefined, ...one }));

const patterns: fc.Arbitrary<Term> = fc.record({
  path: fc.constantFrom(...TEXT_PATHS, ...NUMBER_PATHS, ...ANY_PATHS).map(pathOf),
  op: fc.constantFrom<Operator>("=~", "!~"),
  value: fc.constantFrom(...PATTERNS),
}).map((one) => ({ type: "predicate", filter: undefined, ...one }));

const quantified: fc.Arbitrary<Term> = fc.record({
  path: fc.constantFrom("reported.labels", "reported.blob").map(pathOf),
  filter: fc.constantFrom("any", "all", "none"),
  op: fc.constantFrom<Operator>(...ORDERS, "=~"),
  value: fc.constantFrom<Value>(...TEXTS.filter((one) => one !== "")),
}).map((one) => ({ type: "predicate", ...one }));

const functions: fc.Arbitrary<Term> = fc.oneof(
  fc.subarray(["owner", "my key", "none", 'qu"oted'])
    .map((keys): Term => ({ type: "has_key", path: pathOf("reported.tags"), keys })),
  fc.constantFrom("10.0.0.0/8", "10.1.2.0/24", "0.0.0.0/0", "10.1.2.3/32")
    .map((net): Term => ({ type: "in_subnet", path: pathOf("reported.ip"), net })),
  fc.constant<Term>({ type: "has_desired_change", path: pathOf("reported.clean") }),
);

const elements: fc.Arbitrary<Term> = fc.record({
  from: number,
  net: fc.constantFrom("10.0.0.0/8", "0.0.0.0/0"),
  op: fc.constantFrom(...ORDERS),
}).map(({ from, net, op }) => ({
  type: "context",
  path: pathOf("reported.ports[*]"),
  term: {
    type: "and",
    left: { type: "predicate", path: pathOf("from"), filter: undefined, op, value: from },
    right: {
      type: "predicate",
      path: pathOf("cidr[*]"),
      filter: undefined,
      op: "==",
      value: net,
    },
  },
}));

const leaf: fc.Arbitrary<Term> = fc.oneof(
  fc.constant<Term>({ type: "all" }),
  fc.subarray(["t_disk", "t_big_disk", "resource", "t_account", "quota"], { minLength: 1 })
    .map((kinds): Term => ({ type: "is", kinds })),
  fc.constant<Term>({ type: "id", id: "t_disk1___".padEnd(22, "_") }),
  predicates(TEXT_PATHS, withNull(text)),
  predicates(NUMBER_PATHS, withNull(number)),
  predicates(BOOLEAN_PATHS, withNull(fc.boolean())),
  predicates(DATE_PATHS, withNull(fc.constantFrom<Value>(...DATES, "-12h", "-40d"))),
  predicates(ANY_PATHS, anyValue),
  ages,
  patterns,
  quantified,
  functions,
  elements,
);

/** Terms that the store and the plain reading both know. */
export const terms: fc.Arbitrary<Term> = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie("term").map((term): Term => ({ type: "not", term })),
    fc.record({
      type: fc.constantFrom("and", "or"),
      left: tie("term"),
      right: tie("term"),
    }),
  ),
})).term;

export const navs: fc.Arbitrary<Navigation> = fc.record({
  direction: fc.constantFrom("out", "in", "both"),
  types: fc.subarray(["dependency", "delete"] as const, { minLength: 1 }),
  outTypes: fc.subarray(["dependency", "delete"] as const, { minLength: 1 }),
  range: fc.constantFrom<readonly (number | undefined)[]>(
    ...[[0, 0], [1, 1], [0, 1], [1, 2], [2, 2], [2, 3], [0], [1], [2]],
  ),
}).map(({ range: [from = 0, to], direction, types, outTypes }) => ({
  direction,
  types,
  outTypes: direction === "both" ? outTypes : [],
  from,
  to,
  filter: undefined,
}));

const withs: fc.Arbitrary<With> = fc.letrec<{ within: With }>((tie) => ({
  within: fc.record({
    op: fc.constantFrom("==", "!=", "<", "<=", ">", ">="),
    number: fc.nat({ max: 2 }),
    nav: navs,
    term: fc.option(terms, { nil: undefined }),
    within: fc.option(tie("within"), { nil: undefined, maxDepth: 1 }),
  }),
})).within;

const sorts = fc.array(
  fc.record({
    path: fc.constantFrom("reported.size", "reported.label", "reported.blob", "reported.kind")
      .map(pathOf),
    descending: fc.boolean(),
  }),
  { maxLength: 2 },
);

function parts(tag: fc.Arbitrary<string | undefined>): fc.Arbitrary<Part> {
  return fc.record({
    term: terms,
    within: fc.option(withs, { nil: undefined, freq: 3 }),
    tag,
    sort: sorts,
    limit: fc.option(
      fc.record({ offset: fc.nat({ max: 2 }), count: fc.nat({ max: 4 }) }),
      { nil: undefined },
    ),
    reversed: fc.boolean(),
    nav: fc.option(navs, { nil: undefined }),
  }).map((part) => ({ ...EMPTY_PART, ...part }));
}

/** Parts, all but the last of which lead on. */
function chains(tag: fc.Arbitrary<string | undefined>): fc.Arbitrary<readonly Part[]> {
  const leading = fc.tuple(parts(tag), navs).map(([part, nav]) => ({ ...part, nav }));
  return fc.tuple(fc.array(leading, { maxLength: 2 }), parts(tag))
    .map(([before, last]) => [...before, last]);
}

/** Queries for nodes that the store and the plain reading both know. */
export const queries: fc.Arbitrary<Query> = chains(
  fc.option(fc.constantFrom("t1", "t2"), { nil: undefined, freq: 2 }),
).map((parts) => ({ aggregate: undefined, ancestors: [], parts }));

const aggregates: fc.Arbitrary<Aggregate> = fc.record({
  groups: fc.uniqueArray(
    fc.oneof(
      fc.constantFrom("reported.kind", "reported.size", "reported.label", "reported.blob.x")
        .map((path) => [pathOf(path)]),
      fc.constant(["kind ", pathOf("reported.kind"), " of ", pathOf("reported.open")]),
    ).map((texts) => ({ name: `g_${JSON.stringify(texts).length}`, texts })),
    { maxLength: 2, selector: ({ name }) => name },
  ),
  figures: fc.array(
    fc.record({
      function: fc.constantFrom("sum", "count", "min", "max", "avg", "stddev", "variance"),
      of: fc.oneof(
        fc.constant(1),
        fc.constantFrom("reported.size", "reported.label", "reported.blob").map(pathOf),
      ),
      steps: fc.array(
        fc.record({
          operator: fc.constantFrom("+", "-", "*", "/", "%"),
          operand: fc.constantFrom(0, 1, 2, 2.5, 1024),
        }),
        { maxLength: 2 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ).map((figures) => figures.map((figure, index) => ({ name: `f${index}`, ...figure }))),
});

/** Aggregations that the store and the plain reading both know. */
export const aggregations: fc.Arbitrary<Query> = fc.record({
  aggregate: aggregates,
  parts: chains(fc.constant(undefined)),
}).map(({ aggregate, parts }) => ({
  aggregate,
  ancestors: [],
  parts: parts.map((part, index) =>
    index === parts.length - 1 ? { ...part, sort: [], limit: undefined, reversed: false } : part
  ),
}));
