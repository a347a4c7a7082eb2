/** The plugin as a real guest, with the rights of its manifest, against a file or a server. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { askDoctor } from "../../../lib/sandbox/mod.ts";
import { FAST_SAAS } from "../../support/counterparts/counterpart.ts";
import {
  collectorOf,
  faultsOf,
  type PluginStore,
} from "../../support/counterparts/plugin_store.ts";
import { exampleRequest, recordingLogger } from "../../support/guest_request.ts";
import {
  change,
  collect,
  edge,
  failureOf,
  GRAPH,
  idOf,
  instance,
  isEdgeTo,
  LINES,
  makeStore,
  missing,
} from "../../support/remote/example_graph.ts";
import { startGraphServer } from "../../support/remote/graph_server.ts";
import {
  changeGraph,
  type GraphLine,
  graphText,
  withEnd,
} from "../../support/remote/graph_text.ts";

Deno.test("remote: a graph comes over as it was, and again without a change", async () => {
  const text = await graphText([["example", {}], ["random", { size: 600 }]]);
  await using server = startGraphServer(text);
  await using store = await makeStore();
  const cloud = ["example", "random"];
  const first = await collect(store, server.graph, { cloud });
  assert.deepEqual([first.exitCode, faultsOf(first)], [0, []]);
  const { nodes, edges, reported } = store.read();
  const records = text.trimEnd().split("\n").map((line): GraphLine => JSON.parse(line));
  const sent = records.filter(({ type }) => type === "node");
  assert.equal(nodes.length, sent.length);
  assert.equal(edges.length, records.filter(({ type }) => type === "edge").length);
  const values = [...reported.values()].map((value) => JSON.stringify(value)).sort();
  assert.deepEqual(values, sent.map(({ reported }) => JSON.stringify(reported)).sort());
  const second = await collect(store, server.graph, { cloud });
  assert.deepEqual(store.read(), { nodes, edges, reported, stale: [], kinds: store.read().kinds });
  for (const { kind, added, changed, removed } of second.kinds) {
    assert.deepEqual([added, changed, removed], [0, 0, 0], kind);
  }
});

Deno.test("remote: nodes of a cloud that is not named are left out", async () => {
  const aws = JSON.stringify({
    ...JSON.parse(LINES[1] ?? ""),
    ...{ node_id: "forged", kind: "aws_account", id: "1", account: "1", cloud: "aws" },
  });
  await using server = startGraphServer(withEnd([aws, ...LINES.slice(0, -1)]));
  await using store = await makeStore();
  const summary = await collect(store, server.graph);
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  assert.deepEqual(store.read().nodes.filter((node) => node.includes("aws")), []);
  const other = await collect(store, server.graph, { cloud: ["aws"] });
  assert.equal(other.exitCode, 0);
  assert.ok(store.read().nodes.includes("aws 1 - aws_account 1 Example Account"));
});

Deno.test("remote: an edge leads to the node that the file means, whatever else has its id", async () => {
  const lines = LINES.slice(0, -1).filter((line) => line.includes('"type":"node"'));
  const node = (node_id: string, kind: string, id: string, region_name: string) => {
    const region = region_name === "US East" ? "us-east" : "us-west";
    return JSON.stringify({
      ...{ type: "node", node_id, kind, id, name: node_id, cloud: "example" },
      ...{ account: "Example Account", region, region_name, reported: {} },
    });
  };
  // Two regions with one id, as AWS has them.
  const global = { ...JSON.parse(lines[2] ?? ""), node_id: "g", name: "global" };
  const text = withEnd([
    ...lines,
    JSON.stringify(global),
    node("here", "example_network", "net", "US West"),
    node("there", "example_network", "net", "US East"),
    node("one", "example_instance", "one", "US West"),
    node("two", "example_instance", "two", "global"),
    edge("there", "one"),
    edge("g", "two"),
  ]);
  await using server = startGraphServer(text);
  await using store = await makeStore();
  const summary = await collect(store, server.graph);
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []], failureOf(summary));
  assert.deepEqual([summary.graph.unresolved, summary.graph.ambiguous], [0, 0]);
  const exported = (await exportOf(store)).trimEnd().split("\n")
    .map((line): GraphLine & { readonly name?: string } => JSON.parse(line));
  const nameOf = new Map(exported.map(({ node_id, name }) => [node_id, name]));
  const edges = exported.map(({ from, to }) => `${nameOf.get(from)} > ${nameOf.get(to)}`);
  assert.deepEqual(edges.filter((each) => /> (one|two)$/.test(each)).sort(), [
    "global > two",
    "there > one",
  ]);
});

Deno.test("remote: an edge that closes a cycle is left out and told", async () => {
  const lines = LINES.slice(0, -1);
  const [one, net] = [idOf("someInstance1"), idOf("someNetwork")];
  await using server = startGraphServer(withEnd([...lines, edge(one, net)]));
  await using store = await makeStore();
  const summary = await collect(store, server.graph);
  assert.equal(summary.exitCode, 0);
  assert.equal(summary.graph.cycles.length, 1);
});

Deno.test("remote: what a whole graph does not hold any more is gone; a filtered one says nothing", async () => {
  const without = (drop: (record: GraphLine) => boolean, whole: boolean) => {
    const gone = new Set<string | undefined>();
    const text = changeGraph(GRAPH, (record) => {
      if (record.type === "node" && drop(record)) gone.add(record.node_id);
      const isLost = gone.has(record.node_id) || gone.has(record.from) || gone.has(record.to);
      return record.type === "node"
        ? gone.has(record.node_id) ? undefined : record
        : isLost
        ? undefined
        : record;
    });
    return text.replace('"whole":true', `"whole":${whole}`);
  };
  const noEast = (record: GraphLine) => ["us-east", "someInstance2"].includes(record.id ?? "");
  await using server = startGraphServer(GRAPH);
  await using store = await makeStore();
  await collect(store, server.graph);
  server.text = without(noEast, false);
  await collect(store, server.graph);
  assert.deepEqual(store.read().stale, [
    "example Example Account us-east example_instance someInstance2 someInstance2",
  ]);
  server.text = without(noEast, true);
  await collect(store, server.graph);
  assert.deepEqual(store.read().nodes.filter((node) => node.includes("east")), []);
  // A graph without any account says nothing about those that it named before.
  server.text = withEnd([]);
  assert.equal((await collect(store, server.graph)).exitCode, 0);
  assert.equal(store.read().nodes.length, 6);
});

Deno.test("remote: an endpoint that cannot be read costs no other", async () => {
  await using good = startGraphServer(GRAPH);
  const text = GRAPH.replaceAll("Example Account", "Other Account").replaceAll(
    '"node_id":"',
    '"node_id":"o',
  )
    .replaceAll('"from":"', '"from":"o').replaceAll('"to":"', '"to":"o');
  await using other = startGraphServer(text);
  await using store = await makeStore();
  const endpoints = [other.graph, good.graph];
  assert.equal((await collect(store, endpoints)).exitCode, 0);
  const before = store.read();
  assert.equal(before.nodes.length, 15);
  other.text = "";
  good.text = changeGraph(
    GRAPH,
    (record) =>
      record.kind === "example_custom_resource" || isEdgeTo(record, "someExampleResource")
        ? undefined
        : record,
  );
  const summary = await collect(store, endpoints);
  assert.equal(summary.exitCode, 1);
  assert.deepEqual(missing(before.nodes, store.read().nodes), [
    "example Example Account us-west example_custom_resource someExampleResource someExampleResource",
  ]);
});

Deno.test("remote: protection is raised and nothing else of a node's metadata taken", async () => {
  const metadata = { protected: true, phantom: true, marked: true, stale: true, cleaned: true };
  await using server = startGraphServer(instance((node) => ({ ...node, metadata })));
  await using store = await makeStore();
  await collect(store, server.graph);
  const text = await exportOf(store);
  const node: { metadata: object } = JSON.parse(
    text.split("\n").find((line) => line.includes('"someInstance1"')) ?? "",
  );
  const { first_seen_at: _first, last_seen_at: _last, ...rest } = {
    ...metadata,
    ...node.metadata,
  } as Record<string, unknown>;
  assert.deepEqual(rest, {
    protected: true,
    phantom: true,
    marked: false,
    stale: false,
    cleaned: true,
  });
});

async function exportOf(store: PluginStore): Promise<string> {
  const { exportStore, openStore } = await import("../../../lib/store/mod.ts");
  using opened = await openStore({
    path: store.path,
    kinds: [],
    mode: "read",
    now: () => new Date(),
  });
  const parts: string[] = [];
  await exportStore(opened, { format: "ndjson" }, {
    write: (bytes) => void parts.push(new TextDecoder().decode(bytes)),
  });
  return parts.join("");
}

Deno.test("remote: credentials go to the server and nowhere else", async () => {
  const secrets = ["pa55w0rd", "s3cr3t-query", "s3cr3t-bearer"];
  for (
    const [given, token, expected] of [
      ["http://ada:pa55w0rd@", [], `Basic ${btoa("ada:pa55w0rd")}`],
      ["http://", ["s3cr3t-bearer"], "Bearer s3cr3t-bearer"],
    ] as const
  ) {
    await using server = startGraphServer(GRAPH);
    server.authorization = expected;
    await using store = await makeStore();
    const records: unknown[] = [];
    const endpoint = [`${server.graph.replace("http://", given)}?key=s3cr3t-query#s3cr3t-query`];
    const request = collectorOf("remote", { options: { endpoint, cloud: ["example"], token } });
    const log = recordingLogger(records);
    const good = await store.collect([request], { log });
    assert.equal(good.exitCode, 0, failureOf(good));
    assert.deepEqual([...new Set(server.authorizations)], [expected]);
    assert.ok(server.requests.every((path) => path === "/graph.ndjson?key=s3cr3t-query"));
    server.setRules([{ path: /graph/, first: 1, effect: { type: "truncate" } }]);
    const bad = await store.collect([request], { log });
    server.text = "";
    const worse = await store.collect([request], { log });
    await server[Symbol.asyncDispose]();
    const gone = await store.collect([request], { log });
    const said = JSON.stringify([records, good, bad, worse, gone]) +
      readFileSync(store.path, "latin1");
    for (const secret of secrets) assert.equal(said.includes(secret), false, secret);
    assert.equal(said.includes(btoa("ada:pa55w0rd")), false);
  }
});

Deno.test("remote: packed graphs, from a file and from a server", async () => {
  const folder = await Deno.makeTempDir();
  await using _folder = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  const path = `${folder}/a b.ndjson.gz`;
  const packed = new Uint8Array(gzipSync(GRAPH));
  await Deno.writeFile(path, packed);
  await using server = startGraphServer("");
  const headers = { "content-encoding": "gzip" };
  server.setRules([]);
  server.text = packed;
  for (const endpoint of [new URL(`file://${path}`).href, server.graph]) {
    await using store = await makeStore();
    const summary = await collect(store, endpoint);
    assert.equal(summary.exitCode, 0, failureOf(summary));
    assert.equal(store.read().nodes.length, 8);
  }
  const encoded = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(packed, { headers }),
  );
  await using store = await makeStore();
  assert.equal((await collect(store, `http://127.0.0.1:${encoded.addr.port}/x`)).exitCode, 0);
  await encoded.shutdown();
});

Deno.test("remote: a file that is not there, and a folder, are failures that name it", async () => {
  for (const path of ["/nowhere/graph.ndjson", "/tmp"]) {
    await using store = await makeStore();
    const summary = await collect(store, `file://${path}`);
    assert.equal(summary.exitCode, 1);
    assert.ok(failureOf(summary).includes(path), failureOf(summary));
    assert.deepEqual(store.read().nodes, []);
  }
});

Deno.test("remote: numbers keep all their digits", async () => {
  const big = "9007199254740993";
  const text = change(
    "example_custom_resource",
    (node) =>
      JSON.stringify({ ...node, reported: { ...node.reported, custom_int_attribute: 0 } })
        .replace('"custom_int_attribute":0', `"custom_int_attribute":${big}`),
  );
  await using server = startGraphServer(text);
  await using store = await makeStore();
  assert.equal((await collect(store, server.graph)).exitCode, 0);
  assert.ok((await exportOf(store)).includes(`"custom_int_attribute":${big}`));
});

Deno.test("remote: a hundred thousand nodes", async () => {
  const region = JSON.parse(LINES[2] ?? "");
  const place = {
    cloud: "example",
    account: "Example Account",
    region: "us-west",
    region_name: "US West",
  };
  const nodes = Array.from({ length: 100_000 }, (_, index) =>
    JSON.stringify({
      ...{
        type: "node",
        node_id: `n${index}`,
        kind: "example_instance",
        id: `i-${index}`,
        name: "x",
      },
      ...{ ...place, reported: { tags: { owner: "ada" }, instance_cores: index } },
    }));
  const edges = nodes.slice(1).map((_, index) =>
    edge(`n${Math.floor(index / 10)}`, `n${index + 1}`)
  );
  await using server = startGraphServer(withEnd([JSON.stringify(region), ...nodes, ...edges]));
  await using store = await makeStore(false);
  const summary = await collect(store, server.graph);
  assert.equal(summary.exitCode, 0, failureOf(summary));
  assert.deepEqual([summary.graph.nodes, summary.graph.unresolved], [100_002, 0]);
  assert.equal(summary.graph.depth > 4, true);
});

Deno.test("remote: the doctor tells what each endpoint names, and what cannot be read", async () => {
  await using server = startGraphServer(GRAPH);
  const ask = (clouds: readonly string[]) => {
    const options = { endpoint: [server.graph, "file:///nowhere.ndjson"], cloud: clouds };
    const { entry, options: all, seen, lent = [] } = collectorOf("remote", { options });
    const permissions = entry.manifest.permissions(all, seen);
    return askDoctor(
      exampleRequest({ entry, options: all, permissions, lent, base: FAST_SAAS.href }),
    );
  };
  const { credentials, accounts } = await ask(["example"]);
  assert.equal(credentials, "example of 2 endpoints");
  assert.deepEqual(accounts, [
    { id: "Example Account", regions: ["US West", "US East"], denied: [] },
    { id: "/nowhere.ndjson", regions: [], denied: [], problem: "there is no such file" },
  ]);
  const [other] = (await ask(["aws"])).accounts;
  assert.equal(other?.problem, "it holds nothing of these clouds");
});
