import assert from "node:assert/strict";
import { QueryError } from "../../../../lib/errors/mod.ts";
import { type ParsedQuery, parseQuery } from "../../../../lib/query/mod.ts";
import type { Store } from "../../../../lib/store/mod.ts";
import { prepareQuery } from "../../../../lib/store/query/prepare.ts";
import {
  type PlainEdge,
  plainNode,
  QUERY_KINDS,
  storeOf,
} from "../../../support/query/plain_graph.ts";
import { openTest, runOnce, scopeKey } from "../../../support/store.ts";

const NOW = new Date("2030-01-03T00:00:00Z");

const NODES = [
  plainNode({ kind: "t_account", id: "a1", name: "sandbox", region: "" }),
  plainNode({ kind: "t_region", id: "eu", name: "eu" }),
  plainNode({
    kind: "t_disk",
    id: "d1",
    body: {
      tags: { "cloudkeeper:expires": "2030-01-02T00:00:00+02:00", 'qu"oted': "x" },
      ctime: "2029-12-31T00:00:00Z",
      size: 3,
      labels: ["x", "y"],
      ports: [{ from: 1, cidr: [] }],
    },
    protected: "flagged",
    marked: true,
  }),
  plainNode({ kind: "t_big_disk", id: "d2", body: { tags: { expiration: "never" }, size: 10 } }),
];
const EDGES: readonly PlainEdge[] = [
  { from: 0, to: 1, type: "dependency" },
  { from: 1, to: 2, type: "dependency" },
  { from: 1, to: 3, type: "dependency" },
  { from: 2, to: 3, type: "delete" },
];

function filled(): Promise<Store> {
  return storeOf({ nodes: NODES, edges: EDGES });
}

function prepared(store: Store, text: string | ParsedQuery) {
  return prepareQuery(store, typeof text === "string" ? parseQuery(text) : text, { now: NOW });
}

function ids(store: Store, text: string): readonly string[] {
  return Array.from(prepared(store, text).nodes(), ({ id }) => id);
}

function refused(store: Store, text: string): QueryError {
  try {
    ids(store, text);
  } catch (thrown) {
    assert.ok(thrown instanceof QueryError, String(thrown));
    return thrown;
  }
  throw new assert.AssertionError({ message: `answered: ${text}` });
}

Deno.test("StoredQuery.nodes(): documents in the form of a core, ages and end computed", async () => {
  using store = await filled();
  const [node] = prepared(store, "id == d1 and is(t_disk)").nodes();
  assert.deepEqual(JSON.parse(node?.document() ?? ""), {
    id: "t_diskd1d1____________",
    type: "node",
    reported: {
      kind: "t_disk",
      id: "d1",
      name: "d1",
      tags: { "cloudkeeper:expires": "2030-01-02T00:00:00+02:00", 'qu"oted': "x" },
      ctime: "2029-12-31T00:00:00Z",
      size: 3,
      labels: ["x", "y"],
      ports: [{ from: 1, cidr: [] }],
      age: "3d",
    },
    desired: { clean: true },
    metadata: {
      phantom: false,
      protected: true,
      cleaned: false,
      stale: false,
      first_seen_at: "2030-01-01T00:01:00Z",
      last_seen_at: JSON.parse(node?.document() ?? "").metadata.last_seen_at,
      changed_at: "2030-01-01T00:01:00Z",
      expires: "2030-01-01T22:00:00Z",
    },
    ancestors: {
      cloud: { reported: { id: "demo", name: "demo" } },
      account: { reported: { id: "a1", name: "sandbox" } },
      region: { reported: { id: "eu", name: "eu" } },
    },
  });
});

Deno.test("StoredQuery.nodes(): what says no time of its making is as old as it is known", async () => {
  using store = await filled();
  const [node] = prepared(store, "id == d2").nodes();
  const { reported } = JSON.parse(node?.document() ?? "");
  assert.deepEqual([reported.ctime, reported.age], ["2030-01-01T00:01:00Z", "1d23h"]);
  assert.deepEqual(ids(store, "is(t_disk) and age > 47h"), ["d1", "d2"]);
  assert.deepEqual(ids(store, "is(t_disk) and age > 48h"), ["d1"]);
});

Deno.test("StoredQuery.nodes(): large numbers keep their digits", async () => {
  using store = await openTest({ kinds: QUERY_KINDS });
  const text = '{"blob":12345678901234567890,"size":9007199254740993}';
  runOnce(store, "r1", [{
    scope: scopeKey(),
    nodes: [{ id: "big", kind: "t_disk", text }],
  }]);
  const [node] = prepared(store, "size > 9007199254740000 sort size").nodes();
  assert.match(node?.document() ?? "", /"blob":12345678901234567890,"size":9007199254740993/);
  const [group] = prepared(store, "aggregate(kind: max(size), sum(size)): all").groups();
  assert.equal(group?.figures.max_of_size, 9007199254740992);
});

Deno.test("StoredQuery.nodes(): merged nodes, the nearest or all, also under dotted names", async () => {
  using store = await filled();
  const query = "is(t_disk) {acc: <-[1:]- is(account), near.up: <-[1:]- all, " +
    "all.up[]: <-[1:]- all, none: --> is(region)} acc.reported.name == sandbox";
  const [node] = prepared(store, query).nodes();
  const document = JSON.parse(node?.document() ?? "");
  assert.equal(document.acc.reported.name, "sandbox");
  assert.equal(document.near.up.reported.id, "eu");
  assert.deepEqual(document.all.up.map((one: { reported: { id: string } }) => one.reported.id), [
    "eu",
    "a1",
  ]);
  assert.equal(document.none, null);
});

Deno.test("StoredQuery: conditions on merged nodes", async () => {
  using store = await filled();
  const merges = "{r: <-- is(region), up[]: <-[1:]- all, down[]: -delete-> all}";
  const cases = [
    ["r.reported.id == eu", ["d1", "d2"]],
    ["r.metadata.phantom == true", []],
    ["up[*].reported.name == sandbox", ["d1", "d2"]],
    ["up[0].reported.kind == t_region", ["d1", "d2"]],
    ["down == []", ["d2"]],
    ["down[*].reported.size > 5", ["d1"]],
  ] as const;
  for (const [after, wanted] of cases) {
    assert.deepEqual(ids(store, `is(t_disk) ${merges} ${after}`), wanted, after);
  }
});

Deno.test("StoredQuery.edges(): edges between nodes of the answer, of the types walked", async () => {
  using store = await filled();
  const edges = (text: string) => {
    const query = prepared(store, text);
    const keys = Array.from(query.nodes(), ({ key }) => key);
    return Array.from(query.edges(keys), ({ from, to, type }) => `${from} ${to} ${type}`)
      .map((edge) => edge.replaceAll(/_{2,}/g, ""));
  };
  assert.deepEqual(edges("is(t_disk)"), []);
  assert.deepEqual(edges("is(region) -[0:]->"), [
    "t_regioneueu t_diskd1d1 dependency",
    "t_regioneueu t_big_diskd2d2 dependency",
  ]);
  assert.deepEqual(edges("is(t_disk) <-delete[0:]-"), ["t_diskd1d1 t_big_diskd2d2 delete"]);
  assert.equal(edges("is(account) -default,delete[0:]->").length, 4);
});

Deno.test("prepareQuery(): a region has the name of its scope where two share an id", async () => {
  using store = await openTest({ kinds: QUERY_KINDS });
  const region = (id: string, name: string) => ({ id, name, kind: "t_region", region: id });
  runOnce(store, "r1", [
    { scope: scopeKey("t_region", ""), nodes: [region("us-1", "us-1"), region("us-1", "global")] },
    {
      scope: scopeKey("t_role", "global"),
      nodes: [{ id: "role", kind: "t_disk", region: "us-1" }],
    },
    { scope: scopeKey("t_disk", "us-1"), nodes: [{ id: "disk", kind: "t_disk" }] },
    { scope: scopeKey("t_bucket", ""), nodes: [{ id: "bucket", kind: "t_disk", region: "us-1" }] },
  ]);
  assert.deepEqual(ids(store, "region == global and is(t_disk)"), ["role"]);
  assert.deepEqual(ids(store, 'region == "us-1" and id == disk'), ["disk"]);
  assert.deepEqual(ids(store, "region.id == us-1 and is(t_disk)"), ["role", "disk", "bucket"]);
  assert.deepEqual(ids(store, "region.id == us-1 and is(region)"), []);
});

Deno.test("prepareQuery(): stale nodes, and when a node last changed", async () => {
  using store = await openTest({ kinds: QUERY_KINDS });
  const disk = (id: string, size: number) => ({ id, kind: "t_disk", body: { size } });
  runOnce(store, "r1", [{
    scope: scopeKey(),
    nodes: [disk("same", 1), disk("other", 1), disk("lost", 1)],
  }]);
  runOnce(store, "r2", [{
    scope: scopeKey(),
    outcome: "denied",
    nodes: [disk("same", 1), disk("other", 2)],
  }]);
  assert.deepEqual(ids(store, "metadata.stale == true"), ["lost"]);
  const [first, second] = store.db.all<{ at: string }>("SELECT started_at AS at FROM runs");
  assert.ok(first !== undefined && second !== undefined && first.at < second.at);
  const since = second.at.replace(/\.\d+Z/, "Z");
  assert.deepEqual(ids(store, `metadata.changed_at >= "${since}"`), ["other"]);
  assert.deepEqual(ids(store, `metadata.first_seen_at >= "${since}"`), []);
});

Deno.test("prepareQuery(): kinds and properties that no model has are refused, with what is near", async () => {
  using store = await filled();
  const cases = [
    ["all and is(t_dsik)", 8, /no kind t_dsik/, /t_disk/],
    ["is(t_disk) and siez > 3", 15, /reported\.siez/, /size/],
    ["ports[*].form == 3", 0, /reported\.ports\[\*\]\.form/, /from/],
    ["metadata.protectd == true", 0, /metadata\.protectd/, /protected/],
    ["all sort siez", 9, /siez/, /size/],
    ["aggregate(siez: sum(1)): all", 10, /siez/, /size/],
    ["is(t_disk) --> is(nope)", 15, /no kind nope/, /ckworker kinds/],
    ["is(t_disk) with(any, --> is(t_dsik))", 25, /t_dsik/, /t_disk/],
    ["is(t_disk) {a: --> is(t_dsik)}", 19, /t_dsik/, /t_disk/],
    ["ancestors.t_region.reported.tgas == {}", 0, /tgas/, /tags/],
  ] as const;
  for (const [text, at, message, hint] of cases) {
    const error = refused(store, text);
    assert.equal(error.code, "query.meaning");
    assert.match(error.message, message);
    assert.match(error.hint ?? "", hint, text);
    assert.equal(error.at, at, text);
  }
  for (const text of ["tags.anything == 1", "blob.x.y[0].z == 1", "labels[0] == x"]) {
    assert.deepEqual(ids(store, text).length >= 0, true);
  }
});

Deno.test("prepareQuery(): with nodes of unknown kinds, properties are taken as they are", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/s.db`;
    (await storeOf({ nodes: NODES, edges: EDGES }, { path }))[Symbol.dispose]();
    using store = await openTest({ path, kinds: [], mode: "read" });
    assert.deepEqual(ids(store, "size > 5"), ["d2"]);
    assert.deepEqual(ids(store, "is(t_big_disk)"), ["d2"]);
    assert.match(refused(store, "is(t_bgi_disk)").hint ?? "", /t_big_disk/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("prepareQuery(): values that their property cannot be compared with", async () => {
  using store = await filled();
  const cases = [
    ["made < nonsense", /expected a time/],
    ["size > abc", /expected a number/],
    ["age > 90", /expected a duration/],
    ["age in [2d]", /an age is compared by/],
    ['name =~ "("', /regular expression/],
  ] as const;
  for (const [text, message] of cases) {
    const error = refused(store, text);
    assert.equal(error.code, "query.meaning");
    assert.match(error.message, message);
    assert.equal(error.at, 0);
  }
  assert.deepEqual(ids(store, 'size > "5"'), ["d2"]);
  assert.deepEqual(ids(store, "id in [d1, 7] or name == 3"), ["d1"]);
});

Deno.test("prepareQuery(): what the store has no answer to is refused by name", async () => {
  using store = await filled();
  const cases = [
    ['"text"', /full text/],
    ["with_usage(7d, [x]) all", /usage/],
    ["/usage.x.avg > 3", /usage/],
    ["all -{a == 1}->", /no data/],
    ["is(t_disk) {n: aggregate(kind: sum(1)): <-- all}", /cannot aggregate/],
    ["aggregate(kind: max(age)): all", /an age is no number/],
    ["ancestors.account == 1", /names its kind, a section and a property/],
    ['tags.`a"b` == 1', /quotes/],
    ["ports[*].{is(t_disk)}", /not for elements/],
  ] as const;
  for (const [text, message] of cases) {
    const error = refused(store, text);
    assert.match(error.code, /^query\.(unsupported|meaning)$/);
    assert.match(error.message, message, text);
  }
});

Deno.test("prepareQuery(): conditions of thousands of terms", async () => {
  using store = await filled();
  const terms = Array.from({ length: 3000 }, (_, index) => `(id == "x${index}" and size == 1)`);
  assert.deepEqual(ids(store, [...terms, "id == d1"].join(" or ")), ["d1"]);
});

Deno.test("prepareQuery(): more values than SQLite takes are refused, in a list they are one", async () => {
  using store = await filled();
  const names = Array.from({ length: 40_000 }, (_, index) => `x${index}`);
  const error = refused(store, names.map((name) => `name == ${name}`).join(" or "));
  assert.match(error.message, /too many values/);
  assert.deepEqual(ids(store, `name in [d1, ${names.join(", ")}]`), ["d1"]);
});

Deno.test("prepareQuery(): a text can be no SQL", async () => {
  using store = await filled();
  const nasty = `x' OR 1=1 --`;
  assert.deepEqual(ids(store, `name == "${nasty}" or blob.\`${nasty}\` == 1`), []);
  assert.deepEqual(ids(store, "blob.`a') OR 1=1 --`.x == 1"), []);
  assert.equal(store.db.get<{ n: number }>("SELECT count(*) AS n FROM nodes")?.n, 4);
});

Deno.test("StoredQuery.plan(): kinds are found by an index", async () => {
  using store = await filled();
  assert.match(
    prepared(store, "is(t_disk) and size > 3").plan().join("\n"),
    /SEARCH n\d+ USING .*kind=/,
  );
  assert.match(
    prepared(store, "is(t_disk) and account.id in [a1]").plan().join("\n"),
    /SEARCH n\d+ USING .*kind=\? AND place=/,
  );
});

Deno.test("StoredQuery: groups are sorted by their values and cut", async () => {
  using store = await filled();
  const groups = (text: string) =>
    Array.from(prepared(store, text).groups(), ({ group, figures }) => [
      ...Object.values(group),
      ...Object.values(figures),
    ]);
  assert.deepEqual(groups("aggregate(size: sum(1) as n): is(t_disk) sort size desc"), [[10, 1], [
    3,
    1,
  ]]);
  assert.deepEqual(groups("aggregate(size: sum(1) as n): all sort size limit 2"), [[null, 2], [
    3,
    1,
  ]]);
  assert.deepEqual(groups("aggregate(sum(size), avg(size), min(name), count(1)): is(t_disk)"), [
    [13, 6.5, "d1", 2],
  ]);
  assert.deepEqual(groups('aggregate("{name} is {kind}" as x: sum(size + 1 * 2)): id == d1'), [
    ["d1 is t_disk", 8],
  ]);
});
