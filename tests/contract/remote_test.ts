/** The plugin as a real guest, with the rights of its manifest, against a file or a server. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { RunSummary } from "../../lib/collect/mod.ts";
import { askDoctor } from "../../lib/sandbox/mod.ts";
import {
  collectorOf,
  faultsOf,
  type Held,
  makePluginStore,
  type PluginStore,
} from "../support/counterparts/plugin_store.ts";
import { exampleRequest, recordingLogger } from "../support/guest_request.ts";
import { changeGraph, type GraphLine, graphText, withEnd } from "../support/remote/graph_text.ts";
import { type GraphServer, startGraphServer } from "../support/remote/graph_server.ts";
import { readFileSync } from "node:fs";

const BASE = new URL("../support/fast_saas/main.ts", import.meta.url);
const GRAPH = await graphText();
const LINES = GRAPH.trimEnd().split("\n");

function collect(
  store: PluginStore,
  endpoint: string | readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<RunSummary> {
  const options = { endpoint: [endpoint].flat(), cloud: ["example"], ...more };
  return store.collect([collectorOf("remote", { options })]);
}

/** Why the collector failed, in one line. */
function failureOf({ collectors }: RunSummary): string {
  const { error } = collectors[0] ?? {};
  return error === undefined ? "" : `${error.message} ${error.hint ?? ""}`;
}

function missing(before: readonly string[], after: readonly string[]): readonly string[] {
  return before.filter((each) => !after.includes(each));
}

/** A server and a store that has its good graph, to see what spoilt ones cost: nothing. */
class Spoiling implements AsyncDisposable {
  readonly #server: GraphServer;
  readonly #store: PluginStore;
  readonly before: Held;

  private constructor(server: GraphServer, store: PluginStore) {
    this.#server = server;
    this.#store = store;
    this.before = store.read();
  }

  static async start(): Promise<Spoiling> {
    const server = startGraphServer(GRAPH);
    const store = await makePluginStore(BASE);
    const { exitCode, accounts } = await collect(store, server.graph);
    assert.equal(exitCode, 0, JSON.stringify(accounts));
    return new Spoiling(server, store);
  }

  /** A run of which nothing may be lost. */
  async run(spoil: (server: GraphServer) => void) {
    this.#server.text = GRAPH;
    this.#server.setRules([]);
    spoil(this.#server);
    const summary = await collect(this.#store, this.#server.graph);
    const after = this.#store.read();
    assert.deepEqual(missing(this.before.nodes, after.nodes), [], "nodes are gone");
    assert.deepEqual(missing(this.before.edges, after.edges), [], "edges are gone");
    for (const [node, values] of this.before.reported) {
      assert.deepEqual(after.reported.get(node), values, `${node} has lost values`);
    }
    return { summary, after };
  }

  /** Nothing is left of what was spoilt. */
  async end(): Promise<void> {
    const { summary, after } = await this.run(() => {});
    assert.equal(summary.exitCode, 0);
    const { nodes, edges } = this.before;
    assert.deepEqual([after.nodes, after.edges, after.stale], [nodes, edges, []]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#store[Symbol.asyncDispose]();
  }
}

Deno.test("remote: a graph comes over as it was, and again without a change", async () => {
  const text = await graphText([["example", {}], ["random", { size: 600 }]]);
  await using server = startGraphServer(text);
  await using store = await makePluginStore(BASE);
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

/** Changes the first node of a kind. */
function change(kind: string, next: (node: GraphLine) => object | string) {
  let done = false;
  return changeGraph(GRAPH, (record) => {
    if (done || record.kind !== kind) return record;
    done = true;
    return next(record);
  });
}
const instance = (next: (node: GraphLine) => object | string) => change("example_instance", next);

/** One bad record among good ones, and what is said about it. */
const BAD_RECORDS: Readonly<
  Record<string, readonly [text: string | Uint8Array<ArrayBuffer>, fault: string]>
> = {
  "a kind that nobody has": [
    instance((node) => ({ ...node, kind: "example_ufo" })),
    "failed UnknownKind",
  ],
  "a base kind": [instance((node) => ({ ...node, kind: "instance" })), "failed UnknownKind"],
  "a kind of another cloud": [
    instance((node) => ({ ...node, kind: "aws_ec2_instance" })),
    "failed UnknownKind",
  ],
  "a node that is given twice": [
    change("example_network", (node) => `${JSON.stringify(node)}\n${JSON.stringify(node)}`),
    "failed DuplicateNode",
  ],
  "an account in another": [
    change("example_account", (node) => ({ ...node, id: "other" })),
    "failed ForeignPlace",
  ],
  "an edge to nowhere": [
    withEnd([...LINES.slice(0, -1), edge(idOf("someInstance2"), "nowhere")]),
    "partial UnknownEnd",
  ],
  "an edge from nowhere": [
    changeGraph(
      GRAPH,
      (record) => isEdgeTo(record, "someInstance1") ? { ...record, from: "x" } : record,
    ),
    "partial UnknownEnd",
  ],
  "a value of another type": [
    instance((node) => ({ ...node, reported: { ...node.reported, instance_cores: "many" } })),
    "partial Misfit",
  ],
  "a property that the kind does not have": [
    instance((node) => ({ ...node, reported: { ...node.reported, colour: "red" } })),
    "partial UnknownProperty",
  ],
  "a line that is no JSON": [instance(() => '{"type":"node",'), "failed NotJson"],
  "a line that is not UTF-8": [broken("someInstance2"), "failed NotUtf8"],
  "a line of another form": [instance(() => '["node"]'), "failed NotARecord"],
  "a node without id": [instance(({ id: _id, ...node }) => node), "failed NotARecord"],
  "an id with a line break": [instance((node) => ({ ...node, id: "a\nb" })), "failed NotARecord"],
  "a line of more than 8 MiB": [
    instance((node) => ({ ...node, name: "x".repeat(8 * 1024 * 1024) })),
    "failed TooLong",
  ],
};

function idOf(id: string): string {
  return LINES.map((line): GraphLine => JSON.parse(line)).find((node) => node.id === id)?.node_id ??
    "";
}

function edge(from: string, to: string): string {
  return JSON.stringify({ type: "edge", from, to, edge_type: "dependency" });
}

function isEdgeTo(record: GraphLine, id: string): boolean {
  return record.type === "edge" && record.to === idOf(id);
}

function broken(id: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(GRAPH);
  bytes[GRAPH.indexOf(`"${id}"`) + 1] = 0xff;
  return bytes;
}

Deno.test("remote: a bad record is reported and costs no other", async () => {
  await using spoiling = await Spoiling.start();
  for (const [name, [text, expected]] of Object.entries(BAD_RECORDS)) {
    const { summary, after } = await spoiling.run((server) => server.text = text);
    const [outcome, code] = expected.split(" ");
    const faults = faultsOf(summary);
    assert.ok(faults.includes(`${outcome} remote:Read ${code}`), `${name}: ${faults.join()}`);
    assert.deepEqual([summary.exitCode, failureOf(summary)], [3, ""], name);
    const others = after.stale.filter((node) => !/someInstance|someNetwork|Account /.test(node));
    assert.deepEqual(others, [], name);
  }
  await spoiling.end();
});

const utf16 = new Uint8Array(new Uint16Array([...GRAPH].map((each) => each.charCodeAt(0))).buffer);
const pickle = new Uint8Array([0x80, 4, 0x63, 0x6f, 0x73, 0x0a]);

/** Files from which nothing is taken, and why. */
const UNREADABLE: Readonly<
  Record<string, readonly [text: string | Uint8Array<ArrayBuffer>, why: RegExp]>
> = {
  "a graph that is cut in the middle": [
    GRAPH.slice(0, GRAPH.length / 2),
    /end line is missing: it is cut off/,
  ],
  "a graph without its end": [LINES.slice(0, -1).join("\n"), /end line is missing/],
  "a graph that lacks a line": [LINES.toSpliced(3, 1).join("\n"), /holds 14 lines and tells of 15/],
  "two graphs in one": [GRAPH + GRAPH, /something follows its end line/],
  "nothing": ["", /end line is missing/],
  "a page": ["<html>\n<body>sign in</body>\n</html>", /\(a line is not JSON, 3 of them\)/],
  "UTF-16": [utf16, /end line is missing/],
  "a Python pickle": [
    pickle,
    /it is a Python pickle, which is never read.*write it with ckworker export/,
  ],
  "a packed pickle": [new Uint8Array(gzipSync(pickle)), /it is a Python pickle/],
  "a packed graph that is cut": [new Uint8Array(gzipSync(GRAPH)).slice(0, 300), /broke off/],
  "zeros": [new Uint8Array(9 * 1024 * 1024), /a line is longer than 8 MiB, 1 of them/],
};

Deno.test("remote: of a graph that is not whole nothing is taken and nothing concluded", async () => {
  await using spoiling = await Spoiling.start();
  for (const [name, [text, why]] of Object.entries(UNREADABLE)) {
    const { summary, after } = await spoiling.run((server) => server.text = text);
    const failure = failureOf(summary);
    assert.deepEqual([summary.exitCode, after.nodes], [1, spoiling.before.nodes], name);
    assert.match(failure, why);
    assert.match(failure, /127\.0\.0\.1:\d+\/graph\.ndjson: .*keeps its last good data/);
  }
  await spoiling.end();
});

const refuse = (status: number, headers: Record<string, string> = {}) =>
  ({ type: "answer", status, headers, body: "no" }) as const;

const FAULTS = [
  ["401", refuse(401), /answers 401: the token may not read it/],
  ["403", refuse(403), /answers 403/],
  ["404", refuse(404), /answers 404/],
  ["an endless 429", refuse(429, { "retry-after": "30" }), /answers 429/],
  ["a 429 for an hour", refuse(429, { "retry-after": "3600" }), /answers 429/],
  ["500", refuse(500), /answers 500/],
  ["a connection that is always cut", { type: "truncate" }, /broke off/],
  [
    "a redirect to another host",
    refuse(302, { location: "http://localhost:1/x" }),
    /redirects to localhost:1, which is not the host that was given/,
  ],
  ["a redirect to nowhere", refuse(302), /redirects/],
  ["redirects without end", refuse(302, { location: "/graph.ndjson" }), /more than 5 redirects/],
] as const;

Deno.test("remote: a server that refuses, breaks off or leads elsewhere costs nothing", async () => {
  await using spoiling = await Spoiling.start();
  for (const [name, effect, why] of FAULTS) {
    const { summary } = await spoiling.run((server) =>
      server.setRules([{ path: /graph/, effect }])
    );
    assert.equal(summary.exitCode, 1, name);
    assert.match(failureOf(summary), why);
  }
  await spoiling.end();
});

Deno.test("remote: faults that pass cost time and nothing else", async () => {
  await using spoiling = await Spoiling.start();
  const { summary, after } = await spoiling.run((server) =>
    server.setRules([
      { path: /graph/, first: 1, effect: refuse(503) },
      { path: /graph/, first: 1, effect: { type: "hang" } },
      { path: /graph/, first: 1, effect: refuse(429, { "retry-after": "20" }) },
      { path: /graph/, first: 1, effect: refuse(307, { location: "/graph.ndjson?again" }) },
    ])
  );
  assert.deepEqual([summary.exitCode, failureOf(summary), after.stale], [0, "", []]);
});

Deno.test("remote: a graph that changes between its two readings is not taken", async () => {
  const text = changeGraph(GRAPH, (record) => record.id === "someInstance2" ? undefined : record);
  await using spoiling = await Spoiling.start();
  const { summary, after } = await spoiling.run((server) => {
    const states = [GRAPH, text];
    Object.defineProperty(server, "text", {
      configurable: true,
      get: () => states.shift() ?? text,
      set: (value) => Object.defineProperty(server, "text", { value, writable: true }),
    });
  });
  assert.match(failureOf(summary), /it changed while it was read/);
  assert.deepEqual(after.nodes, spoiling.before.nodes);
  await spoiling.end();
});

Deno.test("remote: nodes of a cloud that is not named are left out", async () => {
  const aws = JSON.stringify({
    ...JSON.parse(LINES[1] ?? ""),
    ...{ node_id: "forged", kind: "aws_account", id: "1", account: "1", cloud: "aws" },
  });
  await using server = startGraphServer(withEnd([aws, ...LINES.slice(0, -1)]));
  await using store = await makePluginStore(BASE);
  const summary = await collect(store, server.graph);
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  assert.deepEqual(store.read().nodes.filter((node) => node.includes("aws")), []);
  const other = await collect(store, server.graph, { cloud: ["aws"] });
  assert.equal(other.exitCode, 0);
  assert.ok(store.read().nodes.includes("aws 1 - aws_account 1 Example Account"));
});

Deno.test("remote: an edge that closes a cycle is left out and told", async () => {
  const lines = LINES.slice(0, -1);
  const [one, net] = [idOf("someInstance1"), idOf("someNetwork")];
  await using server = startGraphServer(withEnd([...lines, edge(one, net)]));
  await using store = await makePluginStore(BASE);
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
  await using store = await makePluginStore(BASE);
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
  await using store = await makePluginStore(BASE);
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
  await using store = await makePluginStore(BASE);
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
  const { exportStore, openStore } = await import("../../lib/store/mod.ts");
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
    await using store = await makePluginStore(BASE);
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
    await using store = await makePluginStore(BASE);
    const summary = await collect(store, endpoint);
    assert.equal(summary.exitCode, 0, failureOf(summary));
    assert.equal(store.read().nodes.length, 8);
  }
  const encoded = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(packed, { headers }),
  );
  await using store = await makePluginStore(BASE);
  assert.equal((await collect(store, `http://127.0.0.1:${encoded.addr.port}/x`)).exitCode, 0);
  await encoded.shutdown();
});

Deno.test("remote: a file that is not there, and a folder, are failures that name it", async () => {
  for (const path of ["/nowhere/graph.ndjson", "/tmp"]) {
    await using store = await makePluginStore(BASE);
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
  await using store = await makePluginStore(BASE);
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
  await using store = await makePluginStore(BASE, false);
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
    return askDoctor(exampleRequest({ entry, options: all, permissions, lent, base: BASE.href }));
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
