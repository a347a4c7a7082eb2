import assert from "node:assert/strict";
import { GraphError } from "../../../lib/errors/mod.ts";
import {
  begin,
  finish,
  idsOf,
  look,
  nodesOf,
  openTest,
  runOnce,
  scopeKey,
  stageAll,
} from "./fixture.ts";

const scope = scopeKey();

Deno.test("RunWriter.close() replaces exactly the scope's nodes when conclusive", async () => {
  using store = await openTest();
  runOnce(store, "r1", [
    { scope, nodes: [{ id: "a" }, { id: "b" }] },
    { scope: scopeKey("demo_disk"), nodes: [{ id: "d", kind: "demo_disk" }] },
  ]);
  const [stats] = runOnce(store, "r2", [{
    scope,
    nodes: [{ id: "b", body: { state: "x" } }, { id: "c" }],
  }]);
  assert.deepEqual(stats, { nodes: 2, added: 1, changed: 1, removed: 1, stale: 0, duplicates: 0 });
  assert.deepEqual(idsOf(store), ["d", "b", "c"]);
});

Deno.test("RunWriter.close() keeps absent nodes as stale when not conclusive", async () => {
  using store = await openTest();
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }, { id: "b" }] }]);
  const [stats] = runOnce(store, "r2", [{
    scope,
    nodes: [{ id: "b" }, { id: "c" }],
    outcome: "denied",
  }]);
  assert.deepEqual(stats, { nodes: 2, added: 1, changed: 0, removed: 0, stale: 1, duplicates: 0 });
  assert.deepEqual(idsOf(store), ["a*", "b", "c"]);
  runOnce(store, "r3", [{ scope, outcome: "failed" }]);
  assert.deepEqual(idsOf(store), ["a*", "b*", "c*"]);
  const seen = store.db.all("SELECT id, last_seen_at FROM node ORDER BY id");
  runOnce(store, "r4", [{ scope, nodes: [{ id: "b" }], outcome: "failed" }]);
  assert.deepEqual(idsOf(store), ["a*", "b", "c*"]);
  const later = store.db.all("SELECT id, last_seen_at FROM node WHERE id <> 'b' ORDER BY id");
  assert.deepEqual(later, [seen[0], seen[2]]);
});

Deno.test("RunWriter.discard() leaves the store as it was and refuses conclusive outcomes", async () => {
  using store = await openTest();
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }]);
  const writer = begin(store, "r2");
  const number = writer.open(scope, "eu");
  stageAll(writer, number, scope, [{ id: "z" }]);
  assert.throws(() => writer.discard(number, "complete", []), TypeError);
  const stats = writer.discard(number, "failed", []);
  assert.deepEqual({ nodes: stats.nodes, stale: stats.stale }, { nodes: 0, stale: 1 });
  finish(writer);
  assert.deepEqual(idsOf(store), ["a*"]);
});

Deno.test("RunWriter.mark() removes nodes when gone and keeps them when skipped", async () => {
  using store = await openTest();
  const other = scopeKey("demo_instance", "us");
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }, { scope: other, nodes: [{ id: "b" }] }]);
  const writer = begin(store, "r2");
  assert.equal(writer.mark(scope, "gone").removed, 1);
  assert.equal(writer.mark(other, "skipped").stale, 1);
  assert.throws(() => writer.mark(other, "gone"), GraphError);
  finish(writer);
  assert.deepEqual(idsOf(store), ["b*"]);
});

Deno.test("RunWriter.keys() gives the row of each line and kept() the nodes not sent", async () => {
  using store = await openTest();
  runOnce(store, "r1", [
    { scope, nodes: [{ id: "a", extras: { z: "eu-1" } }] },
    { scope: scopeKey("demo_disk"), nodes: [{ id: "d", kind: "demo_disk" }] },
  ]);
  const writer = begin(store, "r2");
  look(writer, {
    scope: scopeKey("demo_disk"),
    nodes: [{ id: "e", kind: "demo_disk" }, { id: "d", kind: "demo_disk" }],
  });
  const keys = writer.keys(2);
  const ids = [...keys].map((key) =>
    store.db.get<{ id: string }>("SELECT id FROM nodes WHERE key = ?", key)?.id
  );
  assert.deepEqual(ids, ["e", "d"]);
  const kept = [...writer.kept(["demo"])];
  assert.deepEqual(kept.map(({ id, scopeRegion, extras }) => ({ id, scopeRegion, extras })), [
    { id: "a", scopeRegion: "eu", extras: { z: "eu-1" } },
  ]);
  assert.deepEqual([...writer.kept(["other"])], []);
  finish(writer);
});

Deno.test("RunWriter.writeEdges() writes differences and edges go with their ends", async () => {
  using store = await openTest();
  const writer = begin(store, "r1");
  look(writer, { scope, nodes: [{ id: "a" }, { id: "b" }, { id: "c" }] });
  const [a = 0, b = 0, c = 0] = writer.keys(3);
  const first = writer.writeEdges(["demo"], [
    { from: a, to: b, type: "dependency" },
    { from: a, to: b, type: "dependency" },
    { from: b, to: c, type: "delete" },
  ]);
  assert.deepEqual(first, { edges: 2, added: 2, removed: 0 });
  const second = writer.writeEdges(["demo"], [
    { from: b, to: c, type: "delete" },
    { from: a, to: c, type: "dependency" },
  ]);
  assert.deepEqual(second, { edges: 2, added: 1, removed: 1 });
  finish(writer);
  runOnce(store, "r2", [{ scope, nodes: [{ id: "a" }, { id: "b" }] }]);
  assert.deepEqual(store.db.all("SELECT * FROM edges"), []);
});

Deno.test("RunWriter.close() refuses bodies that are no object or contradict the header", async () => {
  using store = await openTest();
  const bad = [
    "[]",
    "1",
    "null",
    "{",
    '{"kind":"x"}',
    '{"id":1}',
    '{"na\\u006de":2}',
    '{}\0{"a":1}',
  ];
  for (const [index, text] of bad.entries()) {
    const writer = begin(store, `r${index}`);
    const number = writer.open(scope, "eu");
    stageAll(writer, number, scope, [{ id: "fine" }, { id: "forged", text }]);
    assert.throws(
      () => writer.close(number, "complete", []),
      (error) =>
        error instanceof GraphError && error.context.kind === "demo_instance" &&
        error.message.includes("forged"),
      text,
    );
    writer.discard(number, "failed", []);
    finish(writer);
  }
  assert.deepEqual(nodesOf(store), []);
});
