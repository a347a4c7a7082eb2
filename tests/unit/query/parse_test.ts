import assert from "node:assert/strict";
import { QueryError } from "../../../lib/errors/mod.ts";
import {
  parseQuery,
  pathText,
  printQuery,
  type Query,
  QUERY_DIALECTS,
  type QueryDialect,
  type Term,
} from "../../../lib/query/mod.ts";
import verdicts from "../../fixtures/query/verdicts.json" with { type: "json" };

/** The one term of a query. */
function termOf(text: string): Term {
  const term = parseQuery(text).query.parts[0]?.term;
  assert.ok(term, text);
  return term;
}

function valueOf(text: string): unknown {
  const term = termOf(`a == ${text}`);
  assert.equal(term.type, "predicate");
  return term.type === "predicate" ? term.value : undefined;
}

function pathOf(text: string): string {
  const term = termOf(`${text} == 1`);
  return term.type === "predicate" ? pathText(term.path) : "";
}

function refused(text: string): QueryError {
  try {
    parseQuery(text);
  } catch (thrown) {
    assert.ok(thrown instanceof QueryError, text);
    return thrown;
  }
  throw new assert.AssertionError({ message: `accepted: ${text}` });
}

function said(query: Query, dialect: QueryDialect): string | undefined {
  try {
    return printQuery(query, dialect);
  } catch (thrown) {
    assert.ok(thrown instanceof QueryError);
    assert.equal(thrown.code, "query.dialect");
    return undefined;
  }
}

/** One generation reads an empty name here; nobody means that. */
const NOT_READ: ReadonlySet<string> = new Set(["ancestors..x == 1"]);

for (const { text, ckcore, fixcore } of verdicts) {
  const accepted = { ckcore: ckcore === "yes", fixcore: fixcore === "yes" };
  const either = accepted.ckcore || accepted.fixcore;
  if (!either || NOT_READ.has(text)) {
    Deno.test(`parseQuery(): no generation reads ${text}, nor do we`, () => {
      const error = refused(text);
      assert.match(error.code, /^query\.(syntax|meaning)$/);
      assert.ok(error.at !== undefined && error.at <= text.length);
    });
    continue;
  }
  Deno.test(`parseQuery(): reads ${text}; who accepts it can be asked`, () => {
    const { query } = parseQuery(text);
    for (const dialect of QUERY_DIALECTS) {
      const words = said(query, dialect);
      if (accepted[dialect]) assert.ok(words !== undefined, `${dialect} accepts it`);
      if (words !== undefined) assert.deepEqual(parseQuery(words).query, query, words);
    }
  });
}

Deno.test("parseQuery(): and, or have one rank, from left to right", () => {
  const same = (a: string, b: string) => assert.deepEqual(termOf(a), termOf(b));
  same("a == 1 or b == 2 and c == 3", "(a == 1 or b == 2) and c == 3");
  assert.notDeepEqual(
    termOf("a == 1 or b == 2 and c == 3"),
    termOf("a == 1 or (b == 2 and c == 3)"),
  );
  same("not a == 1 and b == 2", "(not(a == 1)) and b == 2");
  same("id(a, b)", "id(a) or id(b)");
});

Deno.test("parseQuery(): literals", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["12", 12],
    ["-3.5", -3.5],
    ["007", 7],
    ["12abc", "12abc"],
    ["1e5", "1e5"],
    ["2d", "2d"],
    ["-2d", "-2d"],
    ["2021-12-09T08:10:00Z", "2021-12-09T08:10:00Z"],
    ["10.0.0.1", "10.0.0.1"],
    ["arn:aws:iam::1:role/x", "arn:aws:iam::1:role/x"],
    ["true", true],
    ["TRUE", "TRUE"],
    ["null", null],
    [String.raw`"a\"b\\.c\d\n"`, 'a"b\\.c\\d\n'],
    ['[1, a, "b c", [true], {k: null, "l m": 2}]', [1, "a", "b c", [true], { k: null, "l m": 2 }]],
    ["[]", []],
  ];
  for (const [text, value] of cases) assert.deepEqual(valueOf(text), value, text);
});

Deno.test("parseQuery(): a value ends before a navigation, with or without a blank", () => {
  for (const text of ["a == b-->is(c)", "a == b --> is(c)", "a == 3-->is(c)", "a==x<-[0:]->"]) {
    assert.ok(parseQuery(text).query.parts[0]?.nav !== undefined, text);
  }
});

Deno.test("parseQuery(): every path begins at the root afterwards", () => {
  const cases = [
    ["size", "reported.size"],
    ["reported.size", "reported.size"],
    ["/reported.size", "reported.size"],
    ["metadata.protected", "metadata.protected"],
    ["desired.clean", "desired.clean"],
    ["account", "ancestors.account.reported.name"],
    ["region.id", "ancestors.region.reported.id"],
    ["ancestors.vpc.reported.id", "ancestors.vpc.reported.id"],
    ["id", "reported.id"],
    ["/id", "_key"],
    ["_key", "_key"],
    ["usage", "reported.usage"],
    ["tags.`my key/x`", "reported.tags.my key/x"],
    ["tags.my-key", "reported.tags.my-key"],
    ["ports[*].from", "reported.ports[*].from"],
    ["ports[].from", "reported.ports[*].from"],
    ["notx", "reported.notx"],
    ["limit", "reported.limit"],
    ["region_x", "reported.region_x"],
  ] as const;
  for (const [text, path] of cases) assert.equal(pathOf(text), path);
});

Deno.test("parseQuery(): section words, and the option for the default section", () => {
  const { query } = parseQuery("desired: clean == true sort x");
  const [part] = query.parts;
  assert.ok(part?.term?.type === "predicate");
  assert.equal(pathText(part.term.path), "desired.clean");
  assert.equal(pathText(part.sort[0]?.path ?? []), "desired.x");
  const metadata = parseQuery("protected == true", { section: "metadata" }).query.parts[0]?.term;
  assert.equal(metadata?.type === "predicate" && pathText(metadata.path), "metadata.protected");
});

Deno.test("parseQuery(): the word of a command line in front is no part of the query", () => {
  const { query } = parseQuery("is(volume)");
  assert.deepEqual(parseQuery("query is(volume)").query, query);
  assert.deepEqual(parseQuery("search is(volume)").query, query);
  assert.equal(pathOf("search"), "reported.search");
});

Deno.test("parseQuery(): two filters one behind the other are one, a cut between them stays", () => {
  const one = parseQuery("is(a) and is(b) sort x").query;
  assert.deepEqual(parseQuery("is(a) is(b) sort x").query, one);
  assert.equal(parseQuery("is(a) limit 5 sort x").query.parts.length, 2);
});

Deno.test("parseQuery(): the edge type in front is that of navigations that name none", () => {
  const { query } = parseQuery("(edge_type=delete): is(a) --> is(b) -default-> is(c)");
  assert.deepEqual(query.parts.map(({ nav }) => nav?.types), [
    ["delete"],
    ["dependency"],
    undefined,
  ]);
});

Deno.test("parseQuery(): names of results; they are what an aggregation is sorted by", () => {
  const { query } = parseQuery(
    "aggregate(kind, account: sum(volume_size * 2), count(1)): all sort kind",
  );
  assert.deepEqual(query.aggregate?.groups.map(({ name }) => name), ["kind", "account"]);
  assert.deepEqual(
    query.aggregate?.figures.map(({ name }) => name),
    ["sum_of_volume_size", "count_of_1"],
  );
  const error = refused("aggregate(kind: sum(1) as count): all sort coutn");
  assert.match(error.message, /no result coutn/);
  assert.match(error.hint ?? "", /count/);
  assert.match(refused("aggregate(a, b.a: sum(1)): all").message, /named a/);
});

Deno.test("parseQuery(): faults name the column, what was expected, and what to do", () => {
  const cases = [
    ["is(volume", 9, /column 10: expected ".*" or "," but found the end/, undefined],
    ["name == 'x'", 8, /found "'"/, /double quotes/],
    ["a == 1 && b == 2", 7, /column 8/, /`and` and `or`/],
    ["a == 1 AND b == 2", 11, /column 12/, /`and` and `or`/],
    ["!is(a)", 0, /column 1/, /not\(…\)/],
    ["a <> 3", 2, /operator/, /!=/],
    ["is(a) | clean", 6, /column 7/, /only reads/],
    ['a == "x', 5, /column 6/, /double quote is missing/],
    ["is(a) sort b ASC", 16, /column 17/, /asc or desc/],
    ["", 0, /empty/, undefined],
  ] as const;
  for (const [text, at, message, hint] of cases) {
    const error = refused(text);
    assert.equal(error.code, "query.syntax");
    assert.equal(error.at, at, text);
    assert.match(error.message, message);
    if (hint !== undefined) assert.match(error.hint ?? "", hint, text);
  }
});

Deno.test("parseQuery(): what can be read and means nothing", () => {
  const cases = [
    ["has_key(reported.tags)", /one key or a list/],
    ["has_key(reported.tags, 3)", /one key or a list/],
    ['in_subnet(reported.ip, "1.2.3")', /IPv4 network/],
    ['in_subnet(reported.ip, "1.2.3.4/33")', /IPv4 network/],
    ['in_subnet(reported.ip, "1.2.3.400/8")', /IPv4 network/],
    ["is(cloud) {acc: is(account)}", /begin with a navigation/],
    ["is(a) -[3:1]->", /ends before it begins/],
    ["is(a) -delete[0:]default->", /one side only/],
    ['(merge_with_ancestors="a b"): is(a)', /kinds of ancestors/],
  ] as const;
  for (const [text, message] of cases) {
    const error = refused(text);
    assert.equal(error.code, "query.meaning", text);
    assert.match(error.message, message);
  }
});

Deno.test("parseQuery(): long chains are read, bottomless nesting is refused", () => {
  const chain = Array.from({ length: 5000 }, (_, index) => `a == ${index}`).join(" or ");
  assert.equal(parseQuery(chain).query.parts.length, 1);
  const deep = `${"(".repeat(50_000)}a == 1${")".repeat(50_000)}`;
  assert.match(refused(deep).message, /nested too deeply/);
});
