/** What a bad file and a bad server cost: nothing of what is known. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { faultsOf } from "../../support/counterparts/plugin_store.ts";
import {
  change,
  edge,
  failureOf,
  GRAPH,
  idOf,
  instance,
  isEdgeTo,
  LINES,
  Spoiling,
} from "../../support/remote/example_graph.ts";
import { changeGraph, withEnd } from "../../support/remote/graph_text.ts";

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
