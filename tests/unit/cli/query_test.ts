import assert from "node:assert/strict";
import type { PluginEntry } from "../../../lib/sdk/mod.ts";
import { streamTable } from "../../../lib/cli/query/stream_table.ts";
import { mermaidText } from "../../../lib/cli/query/mermaid.ts";
import { type CliResult, type CliSetup, runCli } from "../../support/cli.ts";
import { DEMO } from "../../support/cli_plugins.ts";
import { plainNode, QUERY_KINDS, storeOf } from "../../support/query/plain_graph.ts";

const PLUGIN: PluginEntry = { ...DEMO, model: { kinds: QUERY_KINDS } };

const NODES = [
  plainNode({ kind: "t_account", id: "a1", name: "sandbox", region: "" }),
  plainNode({
    kind: "t_disk",
    id: "d1",
    name: "first, \u001b[31mred\u001b[0m",
    body: { tags: { owner: "me" }, size: 3, ctime: "2021-11-30T08:00:00Z" },
  }),
  plainNode({ kind: "t_big_disk", id: "d2", body: { tags: {}, size: 10 } }),
];

async function storeFile(): Promise<Disposable & { readonly path: string }> {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/s.db`;
  const edges = [1, 2].map((to) => ({ from: 0, to, type: "dependency" as const }));
  (await storeOf({ nodes: NODES, edges }, { path }))[Symbol.dispose]();
  return { path, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

function run(path: string, args: readonly string[], setup: CliSetup = {}): Promise<CliResult> {
  return runCli(["query", ...args, "--store", path], { plugins: [PLUGIN], ...setup });
}

function lines(text: string): readonly string[] {
  return text.trimEnd().split("\n");
}

Deno.test("query: a table of what every node has and of what was asked about", async () => {
  using file = await storeFile();
  const { code, stdout } = await run(file.path, [
    "is(t_disk) and size > 2 and tags.owner == me and age > 1h",
  ]);
  assert.equal(code, 0);
  const [head, row, ...more] = lines(stdout);
  assert.match(head ?? "", /^KIND +ID +NAME +ACCOUNT +REGION +SIZE +TAGS\.OWNER +AGE$/);
  assert.match(row ?? "", /^t_disk +d1 +first, .*red.* +a1 +eu +3 +me +2d\d*h?$/);
  assert.ok(!stdout.includes("\u001b"), "control characters do not reach a terminal");
  assert.deepEqual(more, []);
});

Deno.test("query: nothing found is said, and is no fault", async () => {
  using file = await storeFile();
  const { code, stdout } = await run(file.path, ["size > 1000"]);
  assert.deepEqual([code, stdout], [0, "Nothing matches\n"]);
});

Deno.test("query: json, ndjson and csv are whole and can be read by programs", async () => {
  using file = await storeFile();
  const json = JSON.parse((await run(file.path, ["is(t_disk)", "--format", "json"])).stdout);
  assert.deepEqual(
    json.map((node: { reported: { id: string } }) => node.reported.id),
    ["d1", "d2"],
  );
  assert.deepEqual(JSON.parse((await run(file.path, ["size > 1000", "--output=json"])).stdout), []);
  const ndjson = await run(file.path, ["all", "--format=ndjson", "--edges"]);
  assert.deepEqual(
    lines(ndjson.stdout).map((line) => JSON.parse(line).type),
    ["node", "node", "node", "edge", "edge"],
  );
  const csv = await run(file.path, ["is(t_disk) sort size desc", "--format=csv", "--limit=1"]);
  assert.equal(csv.stdout, "kind,id,name,account,region,size\r\nt_big_disk,d2,d2,a1,eu,10\r\n");
});

Deno.test("query: groups in every form that has a place for them", async () => {
  using file = await storeFile();
  const query = "aggregate(kind: sum(1) as n, avg(size) as mean): all sort n desc, kind";
  const table = await run(file.path, [query]);
  assert.deepEqual(lines(table.stdout).map((line) => line.split(/ +/)), [
    ["KIND", "N", "MEAN"],
    ["t_account", "1"],
    ["t_big_disk", "1", "10"],
    ["t_disk", "1", "3"],
  ]);
  const ndjson = await run(file.path, [query, "--format=ndjson", "--limit=2"]);
  assert.deepEqual(lines(ndjson.stdout).map((line) => JSON.parse(line)), [
    { group: { kind: "t_account" }, n: 1, mean: null },
    { group: { kind: "t_big_disk" }, n: 1, mean: 10 },
  ]);
  assert.equal(
    (await run(file.path, [query, "--format=csv"])).stdout.split("\r\n")[0],
    "kind,n,mean",
  );
  for (const format of ["dot", "svg", "mermaid"]) {
    const { code, stderr } = await run(file.path, [query, "--format", format]);
    assert.equal(code, 2);
    assert.match(stderr, /groups cannot be printed as/);
  }
});

Deno.test("query: pictures", async () => {
  using file = await storeFile();
  const dot = await run(file.path, ["is(account) -[0:]->", "--format=dot"]);
  assert.match(dot.stdout, /^digraph/);
  assert.equal(dot.stdout.match(/ -> /g)?.length, 2);
  const svg = await run(file.path, ["is(account) -[0:]->", "--format=svg"]);
  assert.match(svg.stdout, /<svg[\s\S]*sandbox[\s\S]*<\/svg>/);
  const mermaid = await run(file.path, ["is(account) -[0:]->", "--format=mermaid"]);
  assert.match(mermaid.stdout, /^flowchart LR\n {2}n0\["t_account<br\/>sandbox"\]\n/);
  assert.equal(mermaid.stdout.match(/ --> /g)?.length, 2);
});

Deno.test("query: --count and --limit", async () => {
  using file = await storeFile();
  assert.equal((await run(file.path, ["all", "--count"])).stdout, "3\n");
  assert.equal((await run(file.path, ["all", "--count", "--limit=2"])).stdout, "2\n");
  const json = await run(file.path, ["all", "--count", "--output=json"]);
  assert.deepEqual(JSON.parse(json.stdout), { count: 3 });
  assert.equal(lines((await run(file.path, ["all", "--limit", "1"])).stdout).length, 2);
  assert.equal((await run(file.path, ["all", "--limit", "-1"])).code, 2);
});

Deno.test("query: --explain says how it is answered and how it is said to a core", async () => {
  using file = await storeFile();
  const { code, stdout } = await run(file.path, [
    "is(t_disk) and size > 2 limit 1, 2",
    "--explain",
  ]);
  assert.equal(code, 0);
  assert.match(stdout, /^ckcore: \(a ckcore cannot be asked for a limit with an offset\)$/m);
  assert.match(stdout, /^fixcore: is\(t_disk\) and \/reported\.size > 2 limit 1, 2$/m);
  assert.match(stdout, /^SQL:\nSELECT [\s\S]*^Plan:\n {2}/m);
});

Deno.test("query: - reads the text from standard input, macros are replaced", async () => {
  using file = await storeFile();
  const files = { "/dev/stdin": 'is(t_disk)\n  and ctime < "@NOW@"\n' };
  const { code, stdout } = await run(file.path, ["-", "--format=csv"], { files });
  assert.equal(code, 0);
  assert.deepEqual(stdout.split("\r\n").slice(1, -1).map((line) => line.split(",")[1]), ["d1"]);
  const none = await run(file.path, ["-"]);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /cannot read the query from standard input/);
});

Deno.test("query: faults point at their place and end in 2", async () => {
  using file = await storeFile();
  const cases = [
    [
      ["is(t_disk) and siez > 3"],
      /no kind has a property reported\.siez\. Did you mean size\?\n {2}is\(t_disk\) and siez > 3\n {17}\^\n$/,
    ],
    [["is(t_dsik)"], /there is no kind t_dsik\. Did you mean t_disk\?\n/],
    [["name == 'x'"], /column 9: expected .*double quotes\n {2}name == 'x'\n {10}\^\n$/],
    [["all\nand size > 1\nand name = 'x'"], /\n {2}and name = 'x'\n {13}\^\n$/],
    [["made < nonsense"], /expected a time/],
    [["is(t_disk) | clean"], /only reads/],
    [['"some text"'], /no full text search/],
    [[""], /the query is empty/],
    [[], /there is no query\. Write it in single quotes/],
    [["is(t_disk)", "and"], /unexpected argument "and"/],
    [["all", "--format", "xml"], /format/],
  ] as const;
  for (const [args, message] of cases) {
    const { code, stderr, stdout } = await run(file.path, args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.equal(stdout, "");
  }
});

Deno.test("query: a fault in a long line shows the part around it", async () => {
  using file = await storeFile();
  const query = `${"size > 1 and ".repeat(50)}siez > 1`;
  const { stderr } = await run(file.path, [query]);
  const [, shown = "", mark = ""] = stderr.split("\n");
  assert.ok(shown.length < 140);
  assert.equal(shown.slice(mark.length - 1, mark.length + 3), "siez");
});

Deno.test("query: without a store there is one clear line", async () => {
  const { code, stderr } = await run("/nowhere/s.db", ["all"]);
  assert.equal(code, 1);
  assert.match(stderr, /^ckworker: [^\n]*nowhere[^\n]*\n$/);
});

Deno.test("streamTable(): on a terminal no line is wider than it; elsewhere nothing is cut", () => {
  const rows = [["x".repeat(60), 12, "ü".repeat(40)], ["漢字".repeat(20), 3, "short"]];
  const onTerminal = [...streamTable(["A", "B", "C"], rows, { isTerminal: true, columns: 50 })];
  for (const line of onTerminal.slice(0, 2)) assert.ok(line.trimEnd().length <= 50, line);
  assert.match(onTerminal[1] ?? "", /^x+… +12 +ü+…\n$/);
  const piped = [...streamTable(["A", "B", "C"], rows, { isTerminal: false, columns: 50 })];
  assert.ok(piped[1]?.includes("x".repeat(60)) && piped[1].includes("ü".repeat(40)));
});

Deno.test("streamTable(): rows beyond the sample are printed as they come", () => {
  let taken = 0;
  function* rows() {
    for (; taken < 5000; taken++) yield [`row ${taken}`];
  }
  const table = streamTable(["A"], rows(), { isTerminal: false, columns: 80 });
  table.next();
  assert.ok(taken <= 1000, `${taken} rows were held`);
  assert.equal([...table].length, 5000);
});

Deno.test("mermaidText(): names cannot end a label", () => {
  const name = 'a"] --> b[<script>\n#;';
  const [, node = ""] = mermaidText([{ nodeId: "1", kind: "k", name }], () => []);
  assert.equal(node.match(/["[\]<>\n]/g)?.length, 7, node);
  assert.match(node, /^ {2}n0\["k<br\/>a#34;#93; /);
});
