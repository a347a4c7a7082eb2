import assert from "node:assert/strict";
import { z } from "zod";
import { CoreRejectedError } from "../../../lib/errors/mod.ts";
import type { NodePatch } from "../../../lib/core/mod.ts";
import type { Decision } from "../../../lib/sdk/mod.ts";
import { ACTION_NOW, ACTOR, messagesOf, runTestAction } from "../../support/action_run.ts";
import { coreEdge, coreNode, graphCore, type NodeParts } from "../../support/graph_core.ts";

const TIMESTAMP = ACTION_NOW.toISOString();
const entry = (msg: string) => ({ timestamp: TIMESTAMP, msg, exception: null });

/** Runs decisions about nodes n1, n2, … with the given parts. */
async function decide(
  decisions: readonly Decision[],
  nodes: readonly NodeParts[] = [{}],
  changes: Parameters<typeof runTestAction>[0] = {},
) {
  const core = graphCore({
    query: () => nodes.map((parts, index) => coreNode(`n${index + 1}`, parts)),
  });
  const options = { script: "decide", text: JSON.stringify(decisions) };
  const report = await runTestAction({ core, options, ...changes });
  return { report, patches: core.patches, outcomes: report.decisions.map((each) => each.outcome) };
}

for (const fork of [false, true]) {
  const where = fork ? "a process of its own" : "this process";
  Deno.test(`runAction(): a guest in ${where} reads the graph and marks a node`, async () => {
    const core = graphCore({ query: () => [coreNode("n1"), coreEdge("n1", "n1")] });
    const text = JSON.stringify([{ type: "mark", node: "n1", reason: "unused" }]);
    const report = await runTestAction({ core, fork, options: { script: "decide", text } });
    assert.deepEqual(core.patches, [
      { id: "n1", desired: { clean: true }, metadata: { event_log: [entry("unused")] } },
    ]);
    assert.deepEqual(report.decisions.map(({ type, node, outcome }) => [type, node.id, outcome]), [
      ["mark", "n1", "done"],
    ]);
  });
}

Deno.test("runAction(): the guest gets step, task, dialect and the texts of its files", async () => {
  const told: unknown[] = [];
  const manifest = { ...ACTOR.manifest, files: () => ["a.yaml", "gone.yaml"] };
  await runTestAction({
    told,
    entry: { ...ACTOR, manifest },
    core: graphCore({ dialect: "fixcore" }),
    texts: { "a.yaml": "x: 1\n" },
    options: { script: "echo" },
    dryRun: true,
  });
  assert.deepEqual(JSON.parse(messagesOf(told, "echo")[0] ?? ""), {
    action: "cleanup_plan",
    task: { task: "t1", step: "cleanup_plan" },
    files: { "a.yaml": "x: 1\n" },
    dialect: "fixcore",
    dryRun: true,
  });
  assert.match(messagesOf(told, "action.file")[0] ?? "", /Cannot read gone\.yaml/);
});

Deno.test("runAction(): a long answer is pulled part by part, never ahead of the guest", async () => {
  const told: unknown[] = [];
  let given = 0;
  const core = graphCore({
    *query() {
      for (; given < 5_500; given++) yield coreNode(`n${given}`);
    },
    aggregate: () => [{ count: 1 }, { count: 2 }],
  });
  await runTestAction({ told, core, options: { script: "count", text: "all" } });
  assert.deepEqual(messagesOf(told, "count"), ["5502"]);
});

Deno.test("runAction(): a guest that leaves a query early ends it at the core", async () => {
  const told: unknown[] = [];
  let given = 0;
  const core = graphCore({
    *query() {
      for (; given < 1_000_000; given++) yield coreNode(`n${given}`);
    },
  });
  await runTestAction({ told, core, options: { script: "first", text: "all" } });
  assert.deepEqual(messagesOf(told, "first"), ["n0"]);
  assert.equal(core.open, 0);
  assert.ok(given < 5_000, `${given} records were read`);
});

for (
  const [title, metadata, why] of [
    ["protected", { protected: true }, "it is protected"],
    ["phantom", { phantom: true }, "it is a phantom"],
    ["cleaned", { cleaned: true }, "it is cleaned up already"],
    ["stale", { stale: true }, "nobody could look lately whether it is still so"],
  ] as const
) {
  Deno.test(`runAction(): whatever a plugin says, a ${title} node is not marked`, async () => {
    const { report, patches } = await decide(
      [{ type: "mark", node: "n1", reason: "unused" }],
      [{ metadata }],
    );
    assert.deepEqual(patches, []);
    assert.deepEqual(report.decisions.map((each) => [each.outcome, each.why]), [["refused", why]]);
  });
}

Deno.test("runAction(): each decision touches its own sections and no other", async () => {
  const { patches } = await decide([
    { type: "mark", node: "n1", reason: "a" },
    { type: "unmark", node: "n2", reason: "b" },
    { type: "protect", node: "n3", reason: "c" },
    { type: "note", node: "n4", reason: "d" },
  ], [{}, { marked: true }, {}, {}]);
  assert.deepEqual(patches, [
    { id: "n1", desired: { clean: true }, metadata: { event_log: [entry("a")] } },
    { id: "n2", desired: { clean: false }, metadata: { event_log: [entry("b")] } },
    { id: "n3", metadata: { protected: true, event_log: [entry("c")] } },
    { id: "n4", metadata: { event_log: [entry("d")] } },
  ]);
});

Deno.test("runAction(): what is so already is left alone", async () => {
  const { patches, outcomes } = await decide([
    { type: "mark", node: "n1", reason: "a" },
    { type: "unmark", node: "n2", reason: "b" },
    { type: "protect", node: "n3", reason: "c" },
  ], [{ marked: true }, {}, { metadata: { protected: true } }]);
  assert.deepEqual([patches, outcomes], [[], ["unneeded", "unneeded", "unneeded"]]);
});

Deno.test("runAction(): several decisions about one node are one patch, all reasons kept", async () => {
  const { patches } = await decide([
    { type: "note", node: "n1", reason: "first" },
    { type: "mark", node: "n1", reason: "second" },
  ]);
  assert.deepEqual(patches, [{
    id: "n1",
    desired: { clean: true },
    metadata: { event_log: [entry("first"), entry("second")] },
  }]);
});

Deno.test("runAction(): reasons of an earlier part of a run stay when more follow", async () => {
  const notes = Array.from({ length: 501 }, (_, i): Decision => (
    { type: "note", node: "n1", reason: String(i) }
  ));
  const { patches } = await decide(notes);
  const log = z.object({ event_log: z.array(z.unknown()) });
  const lengths = patches.map(({ metadata }) => log.parse(metadata).event_log.length);
  assert.deepEqual(lengths, [500, 501]);
});

Deno.test("runAction(): a dry run records marks and notes, and protects all the same", async () => {
  const { patches, outcomes } = await decide(
    [
      { type: "mark", node: "n1", reason: "a" },
      { type: "note", node: "n1", reason: "b" },
      { type: "protect", node: "n2", reason: "c" },
    ],
    [{}, {}],
    { dryRun: true },
  );
  assert.deepEqual(outcomes, ["recorded", "recorded", "done"]);
  assert.deepEqual(patches.map(({ id }: NodePatch) => id), ["n2"]);
});

Deno.test("runAction(): a plugin does only what its manifest lists", async () => {
  const manifest = { ...ACTOR.manifest, may: ["mark" as const] };
  const error = await decide([{ type: "protect", node: "n1", reason: "c" }], [{}], {
    entry: { ...ACTOR, manifest },
  }).catch((thrown) => thrown);
  assert.equal(error.code, "sandbox.denied");
  assert.match(error.message, /may not protect nodes/);
});

Deno.test("runAction(): a plugin decides about no node that it was not shown", async () => {
  const core = graphCore();
  await assert.rejects(
    runTestAction({ core, options: { script: "blind" } }),
    { code: "sandbox.denied", message: /may not mark a node that it was not shown/ },
  );
  assert.deepEqual(core.patches, []);
});

Deno.test("runAction(): a tag is changed on the node as it is at that moment", async () => {
  const tagged: unknown[] = [];
  const core = graphCore({
    query: (text) => [coreNode("n1", { name: text === "all" ? "old" : "fresh" })],
  });
  const report = await runTestAction({
    core,
    options: { script: "tag" },
    tag: (node, change) => {
      tagged.push([node.reported["name"], change]);
      return Promise.resolve();
    },
  });
  assert.deepEqual(tagged, [["fresh", { type: "setTag", key: "k", value: "v" }]]);
  assert.deepEqual(core.asked, ["all", 'id("n1")']);
  assert.deepEqual(report.decisions.map(({ outcome }) => outcome), ["done"]);
});

for (
  const [title, then] of [
    ["protected meanwhile", [coreNode("n1", { metadata: { protected: true } })]],
    ["gone meanwhile", []],
  ] as const
) {
  Deno.test(`runAction(): no tag of a node that is ${title} is changed`, async () => {
    const core = graphCore({ query: (text) => text === "all" ? [coreNode("n1")] : then });
    const report = await runTestAction({ core, options: { script: "tag" } });
    assert.deepEqual(report.decisions.map(({ outcome }) => outcome), ["refused"]);
  });
}

Deno.test("runAction(): a dry run changes no tag", async () => {
  const core = graphCore({ query: () => [coreNode("n1")] });
  const report = await runTestAction({ core, dryRun: true, options: { script: "tag" } });
  assert.deepEqual(report.decisions.map(({ outcome }) => outcome), ["recorded"]);
});

Deno.test("runAction(): what the core refuses is the error of the run", async () => {
  const core = graphCore({
    query: () => {
      throw new CoreRejectedError(400, "the core refuses the query");
    },
  });
  await assert.rejects(
    runTestAction({ core, options: { script: "count", text: "x" } }),
    { code: "core.rejected", message: "the core refuses the query" },
  );
});

Deno.test("runAction(): a mistake of this program stays one, with its own stack", async () => {
  const mistake = new RangeError("a mistake of the host");
  const core = graphCore({
    query: () => {
      throw mistake;
    },
  });
  const thrown = await runTestAction({ core, options: { script: "count", text: "x" } })
    .catch((error) => error);
  assert.equal(thrown, mistake);
});

Deno.test("runAction(): a mistake of the plugin is a crash of its guest", async () => {
  await assert.rejects(
    runTestAction({ options: { script: "throw" } }),
    { code: "sandbox.crash", message: /a mistake of the plugin/ },
  );
});

Deno.test("runAction(): an abort ends the guest and what it asked for", async () => {
  const stop = new AbortController();
  const core = graphCore({
    query: () => {
      stop.abort(new Error("enough"));
      return [coreNode("n1")];
    },
  });
  await assert.rejects(
    runTestAction({ core, signal: stop.signal, options: { script: "hang" } }),
    /enough/,
  );
  assert.equal(core.open, 0);
});

Deno.test("runAction(): a guest that takes too long is ended", async () => {
  const core = graphCore({ query: () => [coreNode("n1")] });
  const timeouts = { startMs: 30_000, heartbeatMs: 30_000, runMs: 300, stopMs: 300 };
  await assert.rejects(
    runTestAction({ core, timeouts, options: { script: "patchNothing" } }),
    { code: "sandbox.timeout" },
  );
});
