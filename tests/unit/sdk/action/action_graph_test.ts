import assert from "node:assert/strict";
import {
  ActionGraph,
  type ActionRecord,
  obstacle,
  queryWords,
  readRecord,
  timeSince,
  timeText,
} from "../../../../lib/sdk/mod.ts";
import { coreEdge, coreNode } from "../../../support/graph_core.ts";

const records = (...given: readonly unknown[]): readonly ActionRecord[] => given.map(readRecord);

Deno.test("ActionGraph: finds neighbours and everything below, also in a circle", async () => {
  const graph = await ActionGraph.read(
    records(
      ...["a", "b", "c", "d"].map((id) => coreNode(id)),
      coreEdge("a", "b"),
      coreEdge("b", "c"),
      coreEdge("c", "b"),
      coreEdge("a", "gone"),
      { ...coreEdge("a", "d"), edgeType: "delete" },
    ),
    [],
  );
  const ids = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id);
  assert.deepEqual(ids(graph.descendants("a")), ["b", "c"]);
  assert.deepEqual(ids(graph.predecessors("b")), ["a", "c"]);
  assert.deepEqual(ids(graph.successors("c")), ["b"]);
  assert.deepEqual(ids(graph.successors("gone")), []);
});

Deno.test("ActionGraph: keeps properties of the named kinds only", async () => {
  const nodes = records(coreNode("a", { kind: "x" }), coreNode("b", { kind: "y" }));
  const graph = await ActionGraph.read(nodes, ["x"]);
  assert.deepEqual([...graph.nodes()].map(({ reported }) => Object.keys(reported).length > 0), [
    true,
    false,
  ]);
});

Deno.test("readRecord(): facts of a node, whatever of it is missing", () => {
  const bare = readRecord({
    type: "node",
    id: "n",
    reported: { kind: "k", id: 7, tags: { a: 1 } },
  });
  assert.ok(bare.type === "node");
  assert.deepEqual([bare.resource, bare.tags, bare.account, bare.isMarked], [
    "",
    {},
    undefined,
    false,
  ]);
  assert.equal(obstacle(bare), undefined);
  assert.throws(() => readRecord({ type: "node", id: "n" }));
  assert.throws(() => readRecord({ type: "other" }));
});

Deno.test("timeSince(): unknown when there is no time or none that can be read", () => {
  const now = new Date("2026-01-10T00:00:00Z");
  const since = (ctime: unknown) => timeSince({ reported: { ctime } }, "ctime", now);
  assert.equal(since("2026-01-09T00:00:00Z"), 86_400_000);
  assert.equal(since("2026-01-09T00:00:00.000000+00:00"), 86_400_000);
  for (const nothing of [undefined, null, "", "yesterday", 5]) {
    assert.equal(since(nothing), undefined);
  }
});

Deno.test("queryWords(): paths and texts of each generation", () => {
  const [old, later] = [queryWords("ckcore"), queryWords("fixcore")];
  assert.equal(old.path("reported.kind"), "reported.kind");
  assert.equal(later.path("reported.kind"), "/reported.kind");
  assert.equal(old.text('a"b\\c\n'), '"a\\"b\\\\c\\n"');
  assert.equal(later.text('a"b\\c'), '"a\\"b\\\\c"');
  assert.equal(old.list(["a", "b"]), '["a", "b"]');
  assert.equal(
    later.untouched,
    "/metadata.protected != true and /metadata.phantom != true and /metadata.cleaned != true",
  );
  assert.equal(timeText(new Date("2026-01-10T01:02:03.456Z")), "2026-01-10T01:02:03Z");
});
