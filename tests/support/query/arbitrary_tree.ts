import fc from "fast-check";
import {
  EMPTY_PART,
  type Navigation,
  type Part,
  type Path,
  type Query,
  type Term,
  type Value,
} from "../../../lib/query/mod.ts";
import { aggregations, navs, queries, terms } from "./arbitrary_query.ts";

const names = fc.oneof(
  fc.constantFrom("a", "tags", "my-key", "not", "is", "9", "ä", "a.b", "`".replace("`", "'")),
  fc.string({ minLength: 1, maxLength: 5, unit: "binary" }).filter((name) => !name.includes("`")),
);

const steps = fc.record(
  { name: names, index: fc.oneof(fc.constant("*" as const), fc.nat({ max: 9 })) },
  { requiredKeys: ["name"] },
);

const paths: fc.Arbitrary<Path> = fc.record({
  root: fc.constantFrom("reported", "metadata", "desired"),
  rest: fc.array(steps, { minLength: 1, maxLength: 3 }),
}).map(({ root, rest }) => [{ name: root }, ...rest]);

const texts = fc.string({ unit: "binary", maxLength: 6 });
const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));

const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    texts,
    numbers,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(texts.filter((key) => key !== "__proto__"), tie("value"), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
  ),
})).value;

const free: fc.Arbitrary<Term> = fc.record({
  path: paths,
  filter: fc.constantFrom("any", "all", "none", undefined),
  op: fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "=~", "!~", "in", "not in"),
  value: values,
}).map((one) => ({ type: "predicate", ...one }));

const words = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,5}$/);

/** What only one generation says, and what the store does not answer. */
const rare: fc.Arbitrary<Term> = fc.oneof(
  texts.map((text): Term => ({ type: "text", text })),
  fc.array(fc.oneof(texts, words), { minLength: 1, maxLength: 3 })
    .map((kinds): Term => ({ type: "is", kinds })),
  fc.record({ path: paths, keys: fc.array(texts, { maxLength: 2 }) })
    .map((one): Term => ({ type: "has_key", ...one })),
);

const anyTerm: fc.Arbitrary<Term> = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 4 },
    free,
    rare,
    terms,
    tie("term").map((term): Term => ({ type: "not", term })),
    fc.record({ type: fc.constantFrom("and", "or"), left: tie("term"), right: tie("term") }),
  ),
})).term;

const edges: fc.Arbitrary<Navigation> = fc.record({
  nav: navs,
  filter: fc.option(
    fc.record({ value: values }).map(({ value }): Term => ({
      type: "predicate",
      path: [{ name: "read" }],
      filter: undefined,
      op: "==",
      value,
    })),
    { nil: undefined },
  ),
}).map(({ nav, filter }) => ({ ...nav, filter }));

const parts: fc.Arbitrary<Part> = fc.record({
  usage: fc.option(
    fc.record({
      from: fc.constantFrom("7d", "2030-01-01T00:00:00Z"),
      to: fc.constantFrom("1d", undefined),
      metrics: fc.array(words, { minLength: 1, maxLength: 2 }),
    }),
    { nil: undefined, freq: 4 },
  ),
  term: anyTerm,
  tag: fc.option(words, { nil: undefined }),
  reversed: fc.boolean(),
  nav: edges,
}).map((part) => ({ ...EMPTY_PART, ...part }));

const merged: fc.Arbitrary<Query> = fc.record({ part: parts, inner: edges, list: fc.boolean() })
  .map(({ part, inner, list }) => ({
    aggregate: undefined,
    ancestors: [],
    parts: [{
      ...part,
      merges: [{
        name: "acc.x",
        list,
        query: {
          aggregate: undefined,
          ancestors: [],
          parts: [{ ...EMPTY_PART, nav: inner }, { ...EMPTY_PART, term: { type: "all" } }],
        },
      }],
      after: {
        type: "predicate",
        path: [{ name: "acc" }, { name: "x" }, { name: "reported" }, { name: "name" }],
        filter: undefined,
        op: "==",
        value: "x",
      },
    }],
  }));

const commonTerm: fc.Arbitrary<Term> = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 4 },
    free,
    tie("term").map((term): Term => ({ type: "not", term })),
    fc.record({ type: fc.constantFrom("and", "or"), left: tie("term"), right: tie("term") }),
  ),
})).term;

/** Queries for which both generations have words. */
const common: fc.Arbitrary<Query> = fc.record({
  terms: fc.array(commonTerm, { minLength: 1, maxLength: 3 }),
  nav: navs,
  type: fc.constantFrom("dependency", "delete"),
  tag: fc.option(words, { nil: undefined }),
  count: fc.nat(),
}).map(({ terms, nav, type, tag, count }) => ({
  aggregate: undefined,
  ancestors: [],
  parts: terms.map((term) => ({
    ...EMPTY_PART,
    term,
    tag,
    limit: { offset: 0, count },
    nav: { ...nav, types: [type], outTypes: nav.direction === "both" ? [type] : [] },
  })),
}));

/** Any query that can be written. */
export const trees: fc.Arbitrary<Query> = fc.oneof(
  queries,
  aggregations,
  merged,
  common,
  fc.record({ leading: fc.array(parts, { maxLength: 2 }), last: parts }).map((
    { leading, last },
  ) => ({
    aggregate: undefined,
    ancestors: [],
    parts: [...leading, last],
  })),
);
