import assert from "node:assert/strict";
import fc from "fast-check";
import { QueryError } from "../../../lib/errors/mod.ts";
import { parseQuery, printQuery, type Query, QUERY_DIALECTS } from "../../../lib/query/mod.ts";
import { trees } from "../../support/query/arbitrary_tree.ts";

function inWords(text: string, dialect: typeof QUERY_DIALECTS[number]): string {
  return printQuery(parseQuery(text).query, dialect);
}

for (const dialect of QUERY_DIALECTS) {
  Deno.test(`printQuery(): read again, the words of a ${dialect} are the same query`, () => {
    let said = 0;
    fc.assert(
      fc.property(trees, (query: Query) => {
        try {
          const text = printQuery(query, dialect);
          said += 1;
          // Generated objects may lack a prototype; a clone has one.
          assert.deepEqual(parseQuery(text).query, structuredClone(query), text);
        } catch (thrown) {
          if (!(thrown instanceof QueryError) || thrown.code !== "query.dialect") throw thrown;
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(said > 20, `only ${said} queries were said`);
  });
}

Deno.test("printQuery(): each generation in its own words", () => {
  const cases = [
    [
      "/desired.clean == true and cloud.id in [aws] <-default[0:]->",
      'desired.clean == true and ancestors.cloud.reported.id in ["aws"] <-[0:]->',
      '/desired.clean == true and /ancestors.cloud.reported.id in ["aws"] <-[0:]->',
    ],
    ["is(a) -delete-> is(b)", "is(a) -delete-> is(b)", "is(a) -delete-> is(b)"],
    ["not a == 1", "not(reported.a == 1)", "not(/reported.a == 1)"],
    ["not (a == 1 or b == 2)", "not((reported.a == 1 or reported.b == 2))", undefined],
    ["tags.my-key ~ x", 'reported.tags.`my-key` =~ "x"', '/reported.tags.`my-key` =~ "x"'],
    ["id(a, b)", "id(a) or id(b)", "id(a) or id(b)"],
    [
      "descendants.a.reported.b == 1 and is(c)",
      "(descendants.a.reported.b == 1 and is(c))",
      "/descendants.a.reported.b == 1 and is(c)",
    ],
    [
      "aggregate(kind: sum(1)): all limit 3",
      "aggregate(reported.kind as kind: sum(1) as sum_of_1): all limit 3",
      "aggregate(/reported.kind as kind: sum(1) as sum_of_1): all limit 3",
    ],
  ] as const;
  for (const [text, ckcore, fixcore] of cases) {
    assert.equal(inWords(text, "ckcore"), ckcore);
    if (fixcore !== undefined) assert.equal(inWords(text, "fixcore"), fixcore);
  }
});

Deno.test("printQuery(): what a generation has no words for is refused by name", () => {
  const cases = [
    ["ckcore", "is(a) limit 5, 10", /offset/],
    ["ckcore", "is(a) -default,delete->", /dependency and delete/],
    ["ckcore", "is(a) <-default[0:]delete->", /direction/],
    ["ckcore", "is(a) -iam->", /iam/],
    ["ckcore", "is(a) -{read == true}->", /data of edges/],
    ["ckcore", "ports[*].{from == 1}", /one element/],
    ["ckcore", '"text"', /full text/],
    ["ckcore", "is(a) reversed", /reversed/],
    ["ckcore", "is(a) with(any, -[2:3]->)", /begins behind 1/],
    ["ckcore", "aggregate(a: stddev(b)): all", /stddev/],
    ["ckcore", "with_usage(7d, [x]) is(a)", /with_usage/],
    ["ckcore", "/security.x == 1", /security/],
    ["fixcore", '(merge_with_ancestors="cloud"): is(a)', /merge_with_ancestors/],
    ["fixcore", "is(a) limit 5 sort b", /two parts/],
  ] as const;
  for (const [dialect, text, message] of cases) {
    assert.throws(
      () => inWords(text, dialect),
      (error) =>
        error instanceof QueryError && error.code === "query.dialect" &&
        message.test(error.message) &&
        error.message.includes(dialect),
      text,
    );
  }
});
