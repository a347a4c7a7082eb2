import assert from "node:assert/strict";
import {
  CoreMessageError,
  CoreRejectedError,
  CoreUnreachableError,
} from "../../../lib/errors/mod.ts";
import { type CoreConnection, RemoteCore } from "../../../lib/core/mod.ts";
import { exportModel } from "../../../lib/model/mod.ts";
import {
  accepts,
  endlessAnswer,
  keepingLogger,
  KINDS,
  node,
  NOW,
  part,
  RecordingServer,
  refusal,
  remoteCore,
  unhurried,
  upload,
} from "../../support/remote_core.ts";

const CLOUD = node({ nodeId: "c", kind: "cloud", id: "x", name: "x", body: "{}", replace: true });
const ACCOUNT = node({ nodeId: "a", kind: "x_account", id: "1", name: "dev", body: "{}" });
const VM = node({ marked: true, protected: true, cleaned: true });
const EDGES = [
  { from: "c", to: "a", type: "dependency" },
  { from: "a", to: "c", type: "delete" },
  { from: "a", to: "other", type: "dependency", deferred: true },
] as const;

Deno.test("commit: speaks to the first generation as its worker did", async () => {
  await using server = new RecordingServer(accepts);
  const result = await remoteCore(server.uri, "ckcore")
    .commit(upload(part([CLOUD, ACCOUNT, VM], EDGES)), unhurried());

  assert.deepEqual(server.calls, ["POST /graph/ck", "PATCH /model", "POST /graph/ck/merge"]);
  const [graph, model, merge] = server.seen;
  assert.equal(graph?.body, "");
  assert.equal(graph?.headers.get("content-type"), null);
  assert.equal(model?.body, JSON.stringify(exportModel(KINDS)));
  assert.equal(merge?.headers.get("content-type"), "application/x-ndjson");
  assert.equal(merge?.headers.get("cloudkeeper-ckworker-nodes"), "3");
  assert.equal(merge?.headers.get("cloudkeeper-ckworker-edges"), "2");
  assert.equal(
    merge?.body,
    `{"id":"c","reported":{"kind":"cloud","id":"x","name":"x"},"metadata":{"python_type":"cklib.baseresources.Cloud","cleaned":false,"phantom":false,"protected":false},"replace":true}
{"id":"a","reported":{"kind":"x_account","id":"1","name":"dev"},"metadata":{"python_type":"x.resources.Account","cleaned":false,"phantom":false,"protected":false}}
{"id":"FI_j_EAhzxSqC6fSQYi7Vw","reported":{"kind":"x_vm","id":"i-1","name":"web","tags":{"a":"b"},"ctime":"2021-12-01T10:00:00Z","instance_cores":2.0},"metadata":{"python_type":"x.resources.Vm","cleaned":true,"phantom":false,"protected":true},"desired":{"clean":true}}
{"from":"c","to":"a"}
{"from":"a","to":"c","edge_type":"delete"}
`,
  );
  assert.deepEqual(result, {
    parts: [{ name: "x", changes: { nodes_created: 2, edges_created: 1 } }],
    bytes: 677,
    shortened: [],
  });
});

Deno.test("commit: speaks to the later generation, deferred edges last", async () => {
  await using server = new RecordingServer(accepts);
  const [first, second, deferred] = EDGES;
  const result = await remoteCore(server.uri, "fixcore").commit(
    {
      ...upload(
        part([CLOUD, { ...ACCOUNT, replace: true }, VM], [deferred, first, second], "x/1"),
        part([CLOUD], [], "x/2"),
      ),
      task: "task-1",
    },
    unhurried(),
  );

  assert.deepEqual(server.calls, [
    "POST /graph/fix",
    "PATCH /graph/fix/model",
    "POST /graph/fix/merge?wait_for_result=False",
    "POST /graph/fix/merge?wait_for_result=False",
  ]);
  const [graph, , merge] = server.seen;
  assert.equal(graph?.headers.get("content-type"), "application/json");
  assert.equal(merge?.headers.get("fix-worker-nodes"), "3");
  assert.equal(merge?.headers.get("fix-worker-edges"), "2");
  assert.equal(merge?.headers.get("fix-worker-task-id"), "task-1");
  assert.equal(
    merge?.body,
    `{"id":"c","reported":{"kind":"cloud","id":"x","name":"x"},"metadata":{"python_type":"cklib.baseresources.Cloud","categories":[],"replace":true}}
{"id":"a","reported":{"kind":"x_account","id":"1","name":"dev"},"metadata":{"python_type":"x.resources.Account","categories":[],"exported_at":"2026-01-02T03:04:05Z","replace":true}}
{"id":"FI_j_EAhzxSqC6fSQYi7Vw","reported":{"kind":"x_vm","id":"i-1","name":"web","tags":{"a":"b"},"ctime":"2021-12-01T10:00:00Z","instance_cores":2.0},"metadata":{"python_type":"x.resources.Vm","categories":[],"cleaned":true,"protected":true},"desired":{"clean":true}}
{"from":"c","to":"a"}
{"from":"a","to":"c","edge_type":"delete"}
{"from_selector":{"node_id":"a"},"to_selector":{"node_id":"other"},"edge_type":"default"}
`,
  );
  assert.deepEqual(result, {
    parts: [{ name: "x/1" }, { name: "x/2" }],
    bytes: 896,
    shortened: [],
  });
});

Deno.test("commit: deferred edges that no task would keep are not sent", async () => {
  await using server = new RecordingServer(accepts);
  await remoteCore(server.uri, "fixcore").commit(upload(part([CLOUD], EDGES)), unhurried());
  assert.ok(!server.seen.at(-1)?.body.includes("selector"));
  assert.equal(server.seen.at(-1)?.headers.has("fix-worker-task-id"), false);
});

Deno.test("commit: the later generation's model has its own form", async () => {
  await using server = new RecordingServer(accepts);
  await remoteCore(server.uri, "fixcore").commit(upload(), unhurried());
  const model: { fqn: string; properties: unknown[] }[] = JSON.parse(server.seen[1]?.body ?? "");
  const kind = (name: string) => model.find(({ fqn }) => fqn === name);
  assert.deepEqual(kind("x_part"), {
    fqn: "x_part",
    bases: [],
    properties: [{ name: "part_size", kind: "int64", required: false }],
    allow_unknown_props: false,
    successor_kinds: null,
    aggregate_root: false,
    metadata: null,
  });
  assert.deepEqual({ ...kind("x_vm"), properties: [] }, {
    fqn: "x_vm",
    bases: ["instance"],
    properties: [],
    allow_unknown_props: false,
    successor_kinds: null,
    aggregate_root: true,
    metadata: { source: "x" },
  });
  assert.deepEqual(kind("x_vm")?.properties.at(-1), {
    name: "x_lease",
    kind: "duration",
    required: false,
  });
  assert.deepEqual(kind("resource")?.properties.slice(-2), [
    {
      name: "last_access",
      kind: "trafo.duration_to_datetime",
      required: false,
      synthetic: { path: ["atime"] },
    },
    { name: "kind", kind: "string", required: true, description: "" },
  ]);
  assert.deepEqual(model.at(-1)?.fqn, "resource_short_property_access");
});

Deno.test("commit: takes the configured graph, whatever its name", async () => {
  await using server = new RecordingServer(accepts);
  const core = remoteCore(server.uri, "ckcore", { graph: "a/b" });
  await core.commit(upload(part([CLOUD])), unhurried());
  assert.deepEqual(server.calls, ["POST /graph/a%2Fb", "PATCH /model", "POST /graph/a%2Fb/merge"]);
});

Deno.test("commit: replaces a model that clashes, and says so", async () => {
  await using server = new RecordingServer((seen) =>
    seen.method === "PATCH"
      ? refusal("AttributeError", "a is defined in x as string and in y as int64")
      : accepts(seen)
  );
  const { log, events } = keepingLogger();
  await remoteCore(server.uri, "fixcore", { log }).commit(upload(part([CLOUD])), unhurried());
  assert.deepEqual(server.calls.slice(1, 3), ["PATCH /graph/fix/model", "PUT /graph/fix/model"]);
  assert.equal(server.seen[1]?.body, server.seen[2]?.body);
  assert.deepEqual(events.map(({ level, event }) => [level, event]), [
    ["warn", "core.model.replaced"],
  ]);
});

Deno.test("commit: no other refusal of a model replaces it", async () => {
  for (
    const [dialect, message] of [["ckcore", "a is defined in x as y"], [
      "fixcore",
      "db gone",
    ]] as const
  ) {
    await using server = new RecordingServer((seen) =>
      seen.method === "PATCH" ? refusal("AttributeError", message) : accepts(seen)
    );
    const commit = remoteCore(server.uri, dialect).commit(upload(part([CLOUD])), unhurried());
    await assert.rejects(commit, (error: unknown) => {
      assert.ok(error instanceof CoreRejectedError);
      assert.match(
        error.message,
        new RegExp(`the model: it answers 400, AttributeError: ${message}`),
      );
      return true;
    });
    assert.equal(server.calls.length, 2);
  }
});

Deno.test("commit: a refused merge names the node that the core quotes", async () => {
  const bad = node({ nodeId: "B_WgURdS9WKkCgYXH7_tbA", id: "i-2", body: '{"x_any":1,"notes":7}' });
  const other = node({ body: '{"notes":"fine"}' });
  const reasons = [
    "AttributeError('node B_WgURdS9WKkCgYXH7_tbA is bad')",
    `AttributeError('Kind:x_vm Property:notes is not valid: Expected: {"kind": "x_vm", "id": "i-2"}')`,
    "AttributeError('Kind:x_vm Property:x_any is not defined in model!')",
  ];
  for (const reason of reasons) {
    await using server = new RecordingServer((seen) =>
      seen.path.endsWith("/merge") ? refusal("ImportAborted", reason) : accepts(seen)
    );
    const commit = remoteCore(server.uri, "ckcore")
      .commit(upload(part([CLOUD, other, bad])), unhurried());
    await assert.rejects(commit, (error: unknown) => {
      assert.ok(error instanceof CoreRejectedError);
      assert.equal(error.status, 400);
      assert.ok(error.message.includes(reason), error.message);
      assert.ok(
        error.message.includes("; node B_WgURdS9WKkCgYXH7_tbA: x_vm i-2"),
      );
      assert.ok(error.message.includes('{"x_any":1,"notes":7} (x: 3 of 3 lines were sent)'));
      assert.deepEqual(error.context, { call: "the merge of x", kind: "x_vm", subject: "i-2" });
      return true;
    });
  }
});

Deno.test("commit: finds the node in a reason that is too long to be repeated", async () => {
  const reason = `Kind:x_vm is wrong: {"kind": "x_vm", "notes": "${
    "x".repeat(9000)
  }", "id": "i-2"}`;
  await using server = new RecordingServer((seen) =>
    seen.path.endsWith("/merge") ? refusal("ImportAborted", reason) : accepts(seen)
  );
  const nodes = [CLOUD, node(), node({ nodeId: "id-2", id: "i-2" })];
  const commit = remoteCore(server.uri, "ckcore").commit(upload(part(nodes)), unhurried());
  await assert.rejects(commit, (error: unknown) => {
    assert.ok(error instanceof CoreRejectedError);
    assert.match(error.message, /…; node id-2: x_vm i-2 /);
    assert.ok(error.message.length < 3000);
    return true;
  });
});

Deno.test("commit: an answer that breaks off leaves open whether the merge was made", async () => {
  const connection: CoreConnection = {
    uri: "http://core",
    open: () => Promise.reject(new Error("no websockets here")),
    async request({ path, body }) {
      if (!path.endsWith("/merge") || typeof body !== "function") return new Response("[]");
      await new Response(body()).text();
      return new Response(
        new ReadableStream({ pull: (stream) => stream.error(new Error("gone")) }),
      );
    },
  };
  const core = new RemoteCore({
    connection,
    dialect: "ckcore",
    log: keepingLogger().log,
    now: () => NOW,
  });
  await assert.rejects(core.commit(upload(part([CLOUD])), unhurried()), {
    name: "CoreUnreachableError",
    message: "the core's answer to the merge of x breaks off: gone (x: 1 of 1 lines were sent)",
  });
});

Deno.test("commit: a refused merge that names nothing says how far it came", async () => {
  await using server = new RecordingServer((seen) =>
    seen.path.endsWith("/merge") ? refusal("NoSuchGraph", "gone", 404) : accepts(seen)
  );
  await assert.rejects(
    remoteCore(server.uri, "ckcore").commit(upload(part([CLOUD, ACCOUNT])), unhurried()),
    {
      name: "CoreRejectedError",
      message: /the merge of x: it answers 404, NoSuchGraph: gone \(x: 2 of 2 lines/,
    },
  );
});

Deno.test("commit: an upload that the core found too slow may be repeated", async () => {
  await using server = new RecordingServer((seen) =>
    seen.path.endsWith("/merge") ? refusal("ImportAborted", "Empty()") : accepts(seen)
  );
  await assert.rejects(
    remoteCore(server.uri, "ckcore").commit(upload(part([CLOUD])), unhurried()),
    (error: unknown) =>
      error instanceof CoreUnreachableError && /too slowly/.test(error.hint ?? ""),
  );
});

Deno.test("commit: something else than counters means that the core was never asked", async () => {
  const answers = [
    () => new Response("<html>Sign in</html>"),
    () => new Response("[1]"),
    endlessAnswer,
  ];
  for (const answer of answers) {
    await using server = new RecordingServer((seen) =>
      seen.path.endsWith("/merge") ? answer() : accepts(seen)
    );
    await assert.rejects(
      remoteCore(server.uri, "ckcore").commit(upload(part([CLOUD])), unhurried()),
      CoreMessageError,
    );
  }
});

Deno.test("commit: a fault of ours is not mistaken for one of the core", async () => {
  await using server = new RecordingServer(accepts);
  const broken = {
    ...part([CLOUD]),
    *records() {
      yield { type: "node", node: CLOUD } as const;
      throw new RangeError("the store is gone");
    },
  };
  await assert.rejects(
    remoteCore(server.uri, "ckcore").commit(upload(broken), unhurried()),
    new RangeError("the store is gone"),
  );
  const unknown = part([node({ kind: "x_none" })]);
  await assert.rejects(
    remoteCore(server.uri, "ckcore").commit(upload(unknown), unhurried()),
    { code: "graph.unknown_kind" },
  );
});

Deno.test("commit: reports the nodes that had to be shortened", async () => {
  await using server = new RecordingServer(accepts);
  const large = node({ body: JSON.stringify({ notes: "ü".repeat(70_000) }) });
  const { shortened } = await remoteCore(server.uri, "ckcore")
    .commit(upload(part([large, CLOUD])), unhurried());
  assert.deepEqual(shortened, [{ kind: "x_vm", id: "i-1" }]);
  const lines = server.seen.at(-1)?.body.split("\n") ?? [];
  assert.ok(lines.every((line) => new TextEncoder().encode(line).length < 128 * 1024));
  assert.match(lines[0] ?? "", /"notes":"left out: 140002 bytes are more than the core takes"/);
});

Deno.test("commit: ends with its signal", async () => {
  await using server = new RecordingServer(accepts);
  const controller = new AbortController();
  const stopping = {
    ...part([CLOUD]),
    *records() {
      yield { type: "node", node: CLOUD } as const;
      controller.abort(new Error("stopped"));
      for (;;) yield { type: "node", node: CLOUD } as const;
    },
  };
  await assert.rejects(
    remoteCore(server.uri, "ckcore").commit(upload(stopping), controller.signal),
    /stopped/,
  );
});
