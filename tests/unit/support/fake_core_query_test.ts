import assert from "node:assert/strict";
import { type CoreDialect, startFakeCore } from "../../support/fake_core.ts";
import { Client, node, sky } from "./fake_core_client.ts";

type Line = Record<string, Record<string, unknown> & string>;

async function ask(client: Client, text: string): Promise<Line[]> {
  const path = client.core.dialect === "ckcore"
    ? "/graph/ck/query/graph"
    : "/graph/fix/search/graph?section=reported";
  const accept = { accept: "application/x-ndjson" };
  const { status, text: answer } = await client.call("POST", path, text, accept);
  assert.equal(status, 200, answer);
  return answer.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

async function filled(dialect: CoreDialect, client: Client): Promise<void> {
  await client.prepare();
  const marked = sky(dialect).map((each) =>
    each["id"] === "b-1"
      ? node(dialect, "b-1", "disk", { ctime: "2021-12-01T10:00:00Z" }, {
        desired: { clean: true },
      })
      : each
  );
  await client.merge(marked);
}

const ids = (found: readonly Line[]) =>
  found.filter(({ type }) => type === "node").map((n) => n["id"]);

Deno.test("startFakeCore: answers what lies below a cloud", async () => {
  for (
    const [dialect, text] of [
      ["ckcore", 'is(cloud) and reported.id == "sky" -[0:]->'],
      ["fixcore", 'is(cloud) and id == "sky" -[0:]->'],
      ["fixcore", 'is(cloud) and /reported.id == "sky" -default[0:]->'],
    ] as const
  ) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await filled(dialect, client);
    const found = await ask(client, text);
    assert.equal(ids(found).length, 9);
    const edges = found.filter(({ type }) => type === "edge");
    assert.equal(edges.length, 8);
    assert.equal(edges[0]?.["edge_type"], dialect === "fixcore" ? "default" : undefined);
    const disk = found.find(({ id }) => id === "a-1");
    assert.deepEqual(disk?.["ancestors"]?.["account"], { reported: { name: "a", id: "a" } });
    assert.equal("kinds" in (disk ?? {}), dialect === "ckcore");
    assert.match(String(disk?.["reported"]?.["age"]), /s/);
  }
});

Deno.test("startFakeCore: the older core tells an edge behind the first of its nodes", async () => {
  const ends = async (dialect: CoreDialect) => {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await filled(dialect, client);
    const told = new Set<unknown>();
    const known: number[] = [];
    for (const line of await ask(client, "is(cloud) -[0:]->")) {
      if (line["type"] === "node") told.add(line["id"]);
      else known.push([line["from"], line["to"]].filter((end) => told.has(end)).length);
    }
    return new Set(known);
  };
  assert.deepEqual(await ends("ckcore"), new Set([1]));
  assert.deepEqual(await ends("fixcore"), new Set([2]));
});

Deno.test("startFakeCore: answers the question for what is to be cleaned up", async () => {
  for (
    const [dialect, text] of [
      ["ckcore", "desired.clean == true and metadata.cleaned == false <-[0:]->"],
      [
        "ckcore",
        'desired.clean == true and metadata.cleaned == false and ancestors.cloud.reported.id in ["sky"] <-[0:]->',
      ],
      [
        "fixcore",
        "/desired.clean == true and /metadata.cleaned != true and /metadata.protected!=true " +
        'and /ancestors.cloud.reported.id in ["sky"] <-default,delete[0:]->',
      ],
    ] as const
  ) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await filled(dialect, client);
    assert.deepEqual(ids(await ask(client, text)).sort(), ["b", "b-1", "b-r", "root", "sky"]);
  }
});

Deno.test("startFakeCore: stale paths find nothing", async () => {
  for (
    const [dialect, text] of [
      ["ckcore", 'desired.clean == true and metadata.ancestors.cloud.id in ["sky"] <-[0:]->'],
      ["fixcore", 'ancestors.cloud.reported.id in ["sky"]'],
    ] as const
  ) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await filled(dialect, client);
    assert.deepEqual(await ask(client, text), []);
  }
});

Deno.test("startFakeCore: counts rows in the head, and tells lists without lines", async () => {
  for (
    const [dialect, header] of [["ckcore", "ck-element-count"], [
      "fixcore",
      "result-count",
    ]] as const
  ) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await filled(dialect, client);
    const path = `/graph/${client.graph}/${dialect === "ckcore" ? "query" : "search"}/graph`;
    const { text, headers } = await client.call("POST", path, "all");
    assert.equal(JSON.parse(text).length, 10);
    assert.equal(headers.get(header), "10");
    const none = await client.call("POST", path, 'id("nobody")');
    assert.equal(none.headers.get(header), dialect === "ckcore" ? null : "0");
  }
});

Deno.test("startFakeCore: a query that it cannot read is an error, and is remembered", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await filled("ckcore", client);
  for (const text of ["is(disk) sort name", "reported.name =~ x", "all xor all"]) {
    const { status, text: answer } = await client.call("POST", "/graph/ck/query/graph", text);
    assert.equal(status, 400);
    assert.match(answer, /^Error: ParseError\nMessage: /);
    assert.equal(core.unreadQueries.at(-1), text);
  }
  assert.equal((await client.call("POST", "/graph/ck/query/graph", "is(none)")).status, 400);
  assert.equal((await client.call("POST", "/graph/no/query/graph", "all")).status, 404);
});

Deno.test("mergeDeferredEdges: joins what another upload brought", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  const client = new Client(core);
  await client.prepare();
  const to = (criteria: string) => ({ search_criteria: criteria });
  const deferred = [
    { from_selector: { node_id: "a-1" }, to_selector: to('is(disk) and reported.id = "b-1"') },
    { from_selector: { node_id: "a-1" }, to_selector: to("is(disk)"), edge_type: "delete" },
    { from_selector: { node_id: "nobody" }, to_selector: { node_id: "b-1" } },
  ];
  await client.merge([...sky("fixcore"), ...deferred], { "Fix-Worker-Task-Id": "t1" });
  assert.equal(core.graph().edges.length, 9);
  const url = "/graph/fix/merge/deferred_edges";
  const { text } = await client.call("POST", url, '["t1"]');
  assert.deepEqual(JSON.parse(text), { processed: 3, updated: 1, deleted: 0 });
  const made = core.graph().edges.filter((edge) => edge.deferred);
  assert.deepEqual(made.map(({ from, to }) => [from, to]), [["a-1", "b-1"]]);
  await client.merge(sky("fixcore"), { "Fix-Worker-Task-Id": "t2" });
  assert.deepEqual(core.mergeDeferredEdges("t2"), { processed: 0, updated: 0, deleted: 0 });
  assert.deepEqual(core.violations, []);
});
