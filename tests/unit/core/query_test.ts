import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { DialectName } from "../../../lib/core/mod.ts";
import {
  CoreMessageError,
  CoreRejectedError,
  CoreUnreachableError,
} from "../../../lib/errors/mod.ts";
import { RecordingServer, refusal, remoteCore, unhurried } from "../../support/remote_core.ts";

const ROOT = { type: "node", id: "root", reported: { kind: "graph_root" } } as const;
const VM = {
  type: "node",
  id: "vm",
  revision: "_1",
  reported: { kind: "x_vm", age: "1d" },
  desired: { clean: true },
  metadata: { python_type: "x.Vm" },
  ancestors: { cloud: { reported: { id: "x" } } },
} as const;

Deno.test("query: asks the first generation as its worker did", async () => {
  await using server = new RecordingServer(() => lines(ROOT));
  const text = "desired.clean == true <-[0:]->";
  await read(server, "ckcore", text);
  assert.deepEqual(server.calls, ["POST /graph/ck/query/graph"]);
  assert.equal(server.seen[0]?.body, text);
  assert.equal(server.seen[0]?.headers.get("accept"), "application/x-ndjson");
});

Deno.test("query: asks the later generation for reported paths", async () => {
  await using server = new RecordingServer(() => lines(ROOT));
  await read(server, "fixcore", "is(x)");
  assert.deepEqual(server.calls, ["POST /graph/fix/search/graph?section=reported"]);
});

Deno.test("query: gives all nodes before all edges, in our words", async () => {
  const answers = {
    ckcore: [{}, { edge_type: "dependency" }, { edge_type: "delete" }, { edge_type: "default" }],
    fixcore: [{ edge_type: "default" }, { edge_type: "iam" }, { edge_type: "delete" }, {
      edge_type: "new",
    }],
  };
  const expected = {
    ckcore: ["dependency", "dependency", "delete"],
    fixcore: ["dependency", "iam", "delete"],
  };
  for (const dialect of ["ckcore", "fixcore"] as const) {
    const edges = answers[dialect].map((each) => ({
      type: "edge",
      from: "root",
      to: "vm",
      ...each,
    }));
    await using server = new RecordingServer(() =>
      lines(ROOT, ...edges.slice(0, 2), { ...VM, kinds: ["x"], usage: {} }, ...edges.slice(2))
    );
    assert.deepEqual(await read(server, dialect), [
      ROOT,
      VM,
      ...expected[dialect].map((edgeType) => ({ type: "edge", from: "root", to: "vm", edgeType })),
    ]);
  }
});

Deno.test("query: a node is there before the answer ends", async () => {
  const late = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(`${JSON.stringify(ROOT)}\n`));
      await late.promise;
      controller.close();
    },
  });
  await using server = new RecordingServer(() => new Response(body));
  const records = remoteCore(server.uri, "ckcore").query("x", unhurried())[Symbol.asyncIterator]();
  assert.deepEqual((await records.next()).value, ROOT);
  late.resolve();
  assert.ok((await records.next()).done);
});

Deno.test("query: reads compressed answers", async () => {
  const text = [VM, ROOT].map((each) => JSON.stringify(each)).join("\n");
  await using server = new RecordingServer(() =>
    new Response(new Uint8Array(gzipSync(text)), { headers: { "Content-Encoding": "gzip" } })
  );
  assert.deepEqual(await read(server, "ckcore"), [VM, ROOT]);
});

Deno.test("query: reads lines however the answer is cut", async () => {
  const named = { ...VM, reported: { kind: "x_vm", name: "Zoë 😀" } };
  const bytes = new TextEncoder().encode(`\n${JSON.stringify(named)}\r\n${JSON.stringify(ROOT)}`);
  for (const size of [1, 2, 3, 7, 1000]) {
    const chunks = Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, at) => bytes.slice(at * size, (at + 1) * size),
    );
    await using server = new RecordingServer(() => new Response(ReadableStream.from(chunks)));
    assert.deepEqual(await read(server, "ckcore"), [named, ROOT], `${size}`);
  }
});

Deno.test("query: an empty answer is no node", async () => {
  await using server = new RecordingServer(() => new Response(""));
  assert.deepEqual(await read(server, "ckcore"), []);
});

Deno.test("query: refuses what is neither node nor edge", async () => {
  const answers = [
    `${JSON.stringify(ROOT)}\n{"type":`,
    "<html>Sign in</html>",
    '{"type":"other"}',
    '{"type":"node"}',
    '{"type":"node","id":"x","reported":[]}',
    '{"type":"edge","from":"x"}',
    "[]",
  ];
  for (const answer of answers) {
    await using server = new RecordingServer(() => new Response(answer));
    await assert.rejects(read(server, "ckcore"), CoreMessageError, answer);
  }
});

Deno.test("query: a refused query tells the core's reason", async () => {
  await using server = new RecordingServer(() => refusal("ParseError", "expected ) at 0:3"));
  await assert.rejects(
    read(server, "ckcore"),
    (error: unknown) =>
      error instanceof CoreRejectedError && error.message.endsWith("ParseError: expected ) at 0:3"),
  );
});

Deno.test("query: an answer that breaks off is no end", async () => {
  await using server = new RecordingServer(() => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(new TextEncoder().encode(`${JSON.stringify(ROOT)}\n`)),
      pull: (controller) => controller.error(new Error("gone")),
    });
    return new Response(body);
  });
  await assert.rejects(read(server, "ckcore"), CoreUnreachableError);
});

Deno.test("query: whoever stops early lets go of the connection", async () => {
  await using server = new RecordingServer(() => lines(ROOT, VM));
  for await (const record of remoteCore(server.uri, "ckcore").query("x", unhurried())) {
    assert.deepEqual(record, ROOT);
    break;
  }
});

Deno.test("query: ends with its signal", async () => {
  const controller = new AbortController();
  await using server = new RecordingServer(() => {
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(new TextEncoder().encode(`${JSON.stringify(ROOT)}\n`)),
    });
    return new Response(body);
  });
  const reading = (async () => {
    for await (const _ of remoteCore(server.uri, "ckcore").query("x", controller.signal)) {
      controller.abort(new Error("stopped"));
    }
  })();
  await assert.rejects(reading, { name: "Error", message: "stopped" });
});

Deno.test("aggregate: gives the groups", async () => {
  const groups = [{ group: { kind: "x" }, count: 3 }, { group: {}, count: null }];
  for (
    const [dialect, path] of [
      ["ckcore", "/graph/ck/query/aggregate"],
      ["fixcore", "/graph/fix/search/aggregate?section=reported"],
    ] as const
  ) {
    await using server = new RecordingServer(() => lines(...groups));
    const core = remoteCore(server.uri, dialect);
    const found = await Array.fromAsync(core.aggregate("aggregate(sum(1)): all", unhurried()));
    assert.deepEqual(found, groups);
    assert.deepEqual(server.calls, [`POST ${path}`]);
  }
});

Deno.test("aggregate: refuses what is no group", async () => {
  await using server = new RecordingServer(() => lines("text"));
  const core = remoteCore(server.uri, "ckcore");
  await assert.rejects(Array.fromAsync(core.aggregate("x", unhurried())), CoreMessageError);
});

function lines(...documents: readonly unknown[]): Response {
  const text = documents.map((each) => `${JSON.stringify(each)}\n`).join("");
  return new Response(text, { headers: { "Content-Type": "application/x-ndjson" } });
}

function read(server: RecordingServer, dialect: DialectName, text = "x"): Promise<unknown[]> {
  return Array.fromAsync(remoteCore(server.uri, dialect).query(text, unhurried()));
}
