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
  temporaryFolder,
} from "../../support/store.ts";

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

Deno.test("RunWriter.close() sees no change in an identical second run, whatever the order", async () => {
  using store = await openTest();
  const disk = scopeKey("demo_disk");
  const shared = { id: "s", body: { state: "instance's" } };
  const first = {
    scope,
    nodes: [{ id: "a", body: { state: "x", tags: { k: "1", l: "2" } } }, shared],
  };
  const second = { scope: disk, nodes: [{ id: "s", body: { state: "disk's" } }] };
  runOnce(store, "r1", [first, second]);
  const reordered = {
    scope,
    nodes: [shared, { id: "a", text: '{ "tags":{"l":"2","k":"1"},"state":"x" }' }],
  };
  for (const [index, scopes] of [[first, second], [second, first], [second, reordered]].entries()) {
    const stats = runOnce(store, `r${index + 2}`, scopes);
    assert.deepEqual(
      stats.map(({ added, changed, removed, stale }) => [added, changed, removed, stale]),
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    );
  }
  assert.deepEqual(store.db.all("SELECT * FROM history"), []);
  assert.equal(nodesOf(store).find(({ id }) => id === "s")?.body, '{"state":"disk\'s"}');
});

Deno.test("RunWriter.close() gives a node of several scopes to the lowest that sends it", async () => {
  const low = { scope: scopeKey("a_list"), nodes: [{ id: "s", body: { state: "low" } }] };
  const high = { scope: scopeKey("b_list"), nodes: [{ id: "s", body: { state: "high" } }] };
  for (const scopes of [[low, high], [high, low]]) {
    using store = await openTest();
    runOnce(store, "r1", scopes);
    assert.deepEqual(nodesOf(store).map(({ body }) => body), ['{"state":"low"}']);
    const without = scopes.map((each) => each === low ? { ...low, nodes: [] } : each);
    runOnce(store, "r2", without);
    assert.deepEqual(
      store.db.all<{ what: string }>("SELECT what FROM history").map(({ what }) => what),
      ["changed"],
    );
    assert.deepEqual(nodesOf(store).map(({ body }) => body), ['{"state":"high"}']);
    runOnce(store, "r3", [{ ...high, nodes: [] }]);
    assert.deepEqual(nodesOf(store), []);
  }
});

Deno.test("RunWriter.finish() keeps a node that a scope sent whose owner was not recorded", async () => {
  using store = await openTest();
  runOnce(store, "r1", [{
    scope: scopeKey("a_list"),
    nodes: [{ id: "s", body: { state: "low" } }],
  }]);
  const writer = begin(store, "r2");
  look(writer, { scope: scopeKey("b_list"), nodes: [{ id: "s", body: { state: "high" } }] });
  const [key = 0] = writer.keys(1);
  assert.ok(key > 0);
  assert.deepEqual([...writer.kept(["demo"])], []);
  finish(writer);
  assert.deepEqual(nodesOf(store).map(({ body }) => body), ['{"state":"high"}']);
});

Deno.test("RunWriter.close() lets the smallest body win among lines of one identity", async () => {
  const lines = [
    { id: "a", body: { state: "y" } },
    { id: "a", body: { state: "x" } },
    { id: "a", body: { state: "x" } },
    { id: "b" },
  ];
  for (const nodes of [lines, lines.toReversed()]) {
    using store = await openTest();
    const stats = [
      runOnce(store, "r1", [{ scope, nodes }]),
      runOnce(store, "r2", [{ scope, nodes }]),
    ].flat();
    assert.deepEqual(
      stats.map(({ nodes, added, changed, duplicates }) => [nodes, added, changed, duplicates]),
      [
        [2, 2, 0, 1],
        [2, 0, 0, 1],
      ],
    );
    assert.deepEqual(nodesOf(store).map(({ body }) => body), ['{"state":"x"}', "{}"]);
  }
});

Deno.test("RunWriter.close() stores volatile values without calling them a change", async () => {
  using store = await openTest();
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a", body: { state: "x", load: 1 } }] }]);
  const [stats] = runOnce(store, "r2", [{
    scope,
    nodes: [{ id: "a", body: { state: "x", load: 2 } }],
  }]);
  assert.equal(stats?.changed, 0);
  assert.equal(nodesOf(store)[0]?.body, '{"state":"x","load":2}');
});

Deno.test("RunWriter.close() calls a new name, reference or property a change", async () => {
  const start = { id: "a", name: "old", body: { state: "x" } };
  const changes = [
    { ...start, name: "new" },
    { ...start, body: { state: "x", size: 1 } },
    { ...start, extras: { e: [["from", "demo_disk", "id", "d"]] } },
  ];
  for (const node of changes) {
    using store = await openTest();
    runOnce(store, "r1", [{ scope, nodes: [start] }]);
    assert.equal(runOnce(store, "r2", [{ scope, nodes: [node] }])[0]?.changed, 1);
    assert.equal(nodesOf(store)[0]?.name, node.name);
    assert.equal(runOnce(store, "r3", [{ scope, nodes: [node] }])[0]?.changed, 0);
  }
});

Deno.test("RunWriter.close() tells nodes of region kinds apart by name", async () => {
  using store = await openTest();
  const nodes = [
    { id: "us-east-1", name: "us-east-1", kind: "demo_region" },
    { id: "us-east-1", name: "global", kind: "demo_region" },
  ];
  assert.equal(
    runOnce(store, "r1", [{ scope: scopeKey("demo_region", ""), nodes }])[0]?.duplicates,
    0,
  );
  assert.deepEqual(nodesOf(store).map(({ name }) => name), ["global", "us-east-1"]);
});

Deno.test("RunWriter.close() keeps the last good value of properties whose call failed", async () => {
  using store = await openTest();
  const body = { big: 1, state: "on", tags: { "a.b": null, n: [1.50] } };
  const text = '{"big":12345678901234567890,"state":"on","tags":{"a.b":null,"n":[1.50]}}';
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a", body, text }] }]);
  const again = {
    id: "a",
    body: { state: "off" },
    extras: { k: ["tags", "big", "never", 'qu"ote'] },
  };
  runOnce(store, "r2", [{
    scope,
    nodes: [again, { id: "new", extras: { k: ["tags"] } }],
    outcome: "partial",
  }]);
  assert.deepEqual(nodesOf(store).map(({ body }) => body), [
    '{"state":"off","tags":{"a.b":null,"n":[1.50]},"big":12345678901234567890}',
    "{}",
  ]);
});

Deno.test("RunWriter.resumable() gives the closed scopes of an interrupted run", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  const other = scopeKey("demo_disk");
  {
    using store = await openTest({ path });
    const writer = begin(store, "r1");
    look(writer, { scope, nodes: [{ id: "a" }] });
    look(writer, { scope: other, outcome: "failed" });
    const open = writer.open(scopeKey("b_list"), "eu");
    stageAll(writer, open, scope, [{ id: "lost" }]);
  }
  using store = await openTest({ path });
  assert.deepEqual(idsOf(store), ["a"]);
  const writer = begin(store, "r2");
  const resumable = writer.resumable();
  assert.deepEqual(resumable.map(({ resource }) => resource), ["demo_instance"]);
  for (const record of resumable) writer.resume(record);
  assert.throws(() => writer.open(scope, "eu"), GraphError);
  look(writer, { scope: other });
  assert.deepEqual([...writer.kept(["demo"])].map(({ id }) => id), ["a"]);
  finish(writer);
  assert.deepEqual(idsOf(store), ["a"]);
  assert.deepEqual(
    store.db.all("SELECT outcome FROM scope WHERE run = 'r2' ORDER BY resource").length,
    2,
  );
  assert.deepEqual([...begin(store, "r3").resumable()], []);
});

Deno.test("RunWriter.resumable() leaves out accounts that were gone: they may be back", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  {
    using interrupted = await openTest({ path });
    begin(interrupted, "r1").mark(scope, "gone");
  }
  using resumed = await openTest({ path });
  assert.deepEqual(begin(resumed, "r2").resumable(), []);
});

Deno.test("RunWriter.resumable() leaves out what another run has looked at since", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  {
    using store = await openTest({ path });
    const writer = begin(store, "r1");
    look(writer, { scope, nodes: [{ id: "a" }] });
    look(writer, { scope: scopeKey("demo_disk") });
  }
  {
    using store = await openTest({ path });
    const start = { startedAt: new Date(0), clouds: ["demo"], version: "0.0.0" };
    const writer = store.beginRun({ ...start, id: "r2", collectors: ["demo", "other"] });
    look(writer, { scope, outcome: "denied" });
    finish(writer);
  }
  using store = await openTest({ path });
  const resumable = begin(store, "r3").resumable();
  assert.deepEqual(resumable.map(({ resource }) => resource), ["demo_disk"]);
});

Deno.test("RunWriter leaves flags alone", async () => {
  using store = await openTest();
  store.db.run(`INSERT INTO flags(kind, cloud, account, region, zone, id, twin, protected, marked,
    reason, changed_at) VALUES ('demo_instance','demo','a1','eu','undefined','a','',1,1,'why','now')`);
  const before = store.db.all("SELECT * FROM flags");
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a", name: "one" }] }]);
  runOnce(store, "r2", [{ scope, nodes: [{ id: "a", name: "two" }] }]);
  const [node] = store.db.all<{ protected: number; marked: number; reason: string }>(
    "SELECT * FROM node",
  );
  assert.deepEqual([node?.protected, node?.marked, node?.reason], [1, 1, "why"]);
  runOnce(store, "r3", [{ scope }]);
  assert.deepEqual(store.db.all("SELECT * FROM flags"), before);
});
