import assert from "node:assert/strict";
import { parquetReadObjects } from "hyparquet";
import {
  allEdges,
  allNodes,
  countGraph,
  type ExportOptions,
  exportStore,
  type Store,
} from "../../../lib/store/mod.ts";
import { begin, finish, look, openTest, scopeKey } from "../../support/store.ts";

const NASTY = 'a,"b"\r\nc <&> \\ \u0001 é';

async function filledStore(): Promise<Store> {
  const store = await openTest();
  const writer = begin(store, "r1");
  look(writer, {
    scope: scopeKey(),
    nodes: [
      {
        id: "i1",
        name: NASTY,
        body: { state: NASTY, instance_cores: 1.5, load: 7, tags: { k: NASTY } },
      },
      { id: "i2", zone: "eu-1", text: '{"big":12345678901234567890}' },
    ],
  });
  look(writer, {
    scope: scopeKey("demo_disk", "us"),
    nodes: [{ id: "d1", kind: "demo_disk", body: { size: 40 } }],
  }, 2);
  const [a = 0, b = 0, d = 0] = writer.keys(3);
  writer.writeEdges(["demo"], [
    { from: a, to: b, type: "dependency" },
    { from: d, to: a, type: "delete" },
  ]);
  finish(writer);
  return store;
}

async function exported(options: ExportOptions): Promise<Uint8Array<ArrayBuffer>> {
  using store = await filledStore();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  await exportStore(store, options, { write: (bytes) => void chunks.push(bytes.slice()) });
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

async function exportedText(options: ExportOptions): Promise<string> {
  return new TextDecoder("utf-8", { fatal: true }).decode(await exported(options));
}

async function python(script: string, input: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const child = new Deno.Command("python3", {
    args: ["-c", `import json, sys\n${script}`],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(input);
  await writer.close();
  const { stdout, stderr } = await child.output();
  assert.equal(new TextDecoder().decode(stderr), "");
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("exportStore() writes ndjson that holds nodes, then edges, then its end", async () => {
  const text = await exportedText({ format: "ndjson" });
  const lines = text.trimEnd().split("\n");
  assert.ok(lines[1]?.includes('"reported":{"big":12345678901234567890}'));
  const [first, , third, ...rest] = lines.map((line) => JSON.parse(line));
  const [end, ...edges] = rest.toReversed();
  assert.deepEqual(end, { type: "end", nodes: 3, edges: 2, whole: true });
  assert.deepEqual(
    [first.type, first.kind, first.id, first.name, first.region, first.zone, first.reported.state],
    ["node", "demo_instance", "i1", NASTY, "eu", null, NASTY],
  );
  assert.equal(first.metadata.stale, false);
  assert.deepEqual(
    edges.map(({ from, to, edge_type }) => [from, to, edge_type]),
    [
      [third.node_id, first.node_id, "delete"],
      [first.node_id, JSON.parse(lines[1] ?? "").node_id, "dependency"],
    ],
  );
  assert.equal(first.region_name, "eu");
  const part = await exportedText({ format: "ndjson", filter: { kinds: ["demo_disk"] } });
  const last = JSON.parse(part.trimEnd().split("\n").at(-1) ?? "");
  assert.deepEqual(last, { type: "end", nodes: 1, edges: 0, whole: false });
});

Deno.test("exportStore() writes one json document", async () => {
  const data = JSON.parse(await exportedText({ format: "json" }));
  assert.deepEqual(data.nodes.map(({ id }: { id: string }) => id), ["i1", "i2", "d1"]);
  assert.equal(data.edges.length, 2);
  const none = JSON.parse(await exportedText({ format: "json", filter: { clouds: ["none"] } }));
  assert.deepEqual(none, { nodes: [], edges: [] });
});

Deno.test("exportStore() writes csv that another reader reads back", async () => {
  const read =
    "import csv, io\nprint(json.dumps(list(csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode(), newline='')))))";
  const flat = await python(read, await exported({ format: "csv" }));
  assert.ok(Array.isArray(flat));
  assert.deepEqual([flat[0].name, flat[0].stale, flat[0].zone], [NASTY, "false", ""]);
  assert.equal(JSON.parse(flat[0].properties).state, NASTY);
  const typed = await python(
    read,
    await exported({ format: "csv", filter: { kinds: ["demo_instance"] } }),
  );
  assert.ok(Array.isArray(typed));
  assert.deepEqual(
    typed.map((
      { id, state, instance_cores, load, tags },
    ) => [id, state, instance_cores, load, tags]),
    [["i1", NASTY, "1.5", "7", JSON.stringify({ k: NASTY })], ["i2", "", "", "", ""]],
  );
  const edges = await python(read, await exported({ format: "csv", table: "edges" }));
  assert.ok(Array.isArray(edges));
  assert.deepEqual(edges.map(({ type }) => type), ["dependency", "delete"]);
});

Deno.test("exportStore() writes graphml that is well-formed", async () => {
  const found = await python(
    `
import xml.etree.ElementTree as tree
g = "{http://graphml.graphdrawing.org/xmlns}"
root = tree.fromstring(sys.stdin.buffer.read())
nodes = root.findall(f"{g}graph/{g}node")
ids = {n.get("id") for n in nodes}
edges = [(e.get("source") in ids and e.get("target") in ids, e.find(f"{g}data").text) for e in root.iter(f"{g}edge")]
print(json.dumps([len(ids), [d.text for d in nodes[0] if d.get("key") == "name"], edges]))`,
    await exported({ format: "graphml" }),
  );
  // XML has no form for a control character, and its readers turn CR LF into LF.
  const name = NASTY.replace("\u0001", "\ufffd").replace("\r\n", "\n");
  assert.deepEqual(found, [3, [name], [[true, "dependency"], [true, "delete"]]]);
});

Deno.test("exportStore() writes dot in which every quote is closed", async () => {
  const text = await exportedText({ format: "dot" });
  const lines = text.trimEnd().split("\n");
  assert.equal(lines[0], "digraph inventory {");
  assert.equal(lines.at(-1), "}");
  const quoted = /"(?:[^"\\]|\\.)*"/g;
  const shapes = lines.slice(3, -1).map((line) => line.replaceAll(quoted, "Q").trim());
  assert.deepEqual(shapes, [
    ...Array(3).fill("Q [label=Q];"),
    "Q -> Q;",
    "Q -> Q [style=dashed];",
  ]);
});

Deno.test("exportStore() writes parquet that another reader reads back", async () => {
  const file = await exported({ format: "parquet", filter: { kinds: ["demo_instance"] } });
  const rows = await parquetReadObjects({ file: file.buffer });
  assert.deepEqual(
    rows.map((
      { id, name, stale, state, instance_cores, load, tags },
    ) => [id, name, stale, state, instance_cores, load, tags]),
    [
      ["i1", NASTY, false, NASTY, 1.5, 7n, { k: NASTY }],
      ["i2", "i2", false, null, null, null, null],
    ],
  );
  const all = await parquetReadObjects({ file: (await exported({ format: "parquet" })).buffer });
  assert.deepEqual(all[2]?.properties, { size: 40 });
  const edges = await exported({ format: "parquet", table: "edges" });
  assert.deepEqual(
    (await parquetReadObjects({ file: edges.buffer })).map(({ type }) => type),
    ["dependency", "delete"],
  );
});

Deno.test("exportStore() stops when it is told to", async () => {
  const signal = AbortSignal.abort(new DOMException("enough", "AbortError"));
  await assert.rejects(exported({ format: "parquet", signal }), { name: "AbortError" });
});

Deno.test("allNodes() and allEdges() take a filter; a base kind stands for its kinds", async () => {
  using store = await filledStore();
  assert.deepEqual([...allNodes(store, { kinds: ["instance"] })].map(({ id }) => id), ["i1", "i2"]);
  assert.deepEqual([...allNodes(store, { regions: ["us"] })].map(({ id }) => id), ["d1"]);
  assert.equal([...allEdges(store)].length, 2);
  assert.equal([...allEdges(store, { kinds: ["instance"] })].length, 1);
  assert.deepEqual(countGraph(store, { accounts: ["a1"] }), { nodes: 3, edges: 2 });
});
