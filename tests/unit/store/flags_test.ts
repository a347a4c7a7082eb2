import assert from "node:assert/strict";
import { identityText, type NodeIdentity } from "../../../lib/model/mod.ts";
import {
  changeFlags,
  cleanEdges,
  cleanRow,
  dropMarks,
  findCleanRow,
  findNamed,
  flagsOf,
  forget,
  listFlags,
  markedKeys,
  markingRules,
  protectedKeys,
  readJournal,
  type Store,
  storeId,
  writeJournal,
} from "../../../lib/store/mod.ts";
import {
  begin,
  finish,
  look,
  openTest,
  runOnce,
  scopeKey,
  type TestNode,
} from "../../support/store.ts";

const EU = scopeKey();

function node(id: string, more: Partial<NodeIdentity> = {}): NodeIdentity {
  const place = { cloud: "demo", account: "a1", region: "eu", zone: "undefined" };
  return { kind: "demo_instance", ...place, id, twin: "", ...more };
}

function collect(
  store: Store,
  run: string,
  nodes: readonly TestNode[],
  outcome = "complete" as const,
) {
  return runOnce(store, run, [{ scope: EU, nodes, outcome }]);
}

function mark(store: Store, ids: readonly string[], reason = "old", rule = "") {
  return changeFlags(store, ids.map((id) => node(id)), { what: "mark", reason, rule });
}

function marked(store: Store): string[] {
  return markedKeys(store).map((key) => cleanRow(store, key)?.id ?? "");
}

Deno.test("flags: marks and protections survive collects, changes and renames", async () => {
  using store = await openTest();
  collect(store, "r1", [{ id: "a" }, { id: "b" }]);
  assert.deepEqual(mark(store, ["a"]), ["changed"]);
  changeFlags(store, [node("b")], { what: "protect", reason: "precious" });
  collect(store, "r2", [{ id: "a", name: "new", body: { state: "on" } }, { id: "b", name: "bee" }]);
  assert.deepEqual(marked(store), ["a"]);
  assert.equal(findCleanRow(store, node("a"))?.reason, "old");
  assert.equal(findCleanRow(store, node("b"))?.protected, true);
  assert.deepEqual(protectedKeys(store).map((key) => cleanRow(store, key)?.name), ["bee"]);
});

Deno.test("flags: what is protected, phantom or unknown is not marked", async () => {
  using store = await openTest();
  collect(store, "r1", [
    { id: "a", extras: { pr: 1 } },
    { id: "b", extras: { ph: 1 } },
    { id: "c" },
  ]);
  changeFlags(store, [node("c")], { what: "protect", reason: "" });
  const outcomes = mark(store, ["a", "b", "c", "d"]);
  assert.deepEqual(outcomes, ["protected", "phantom", "protected", "unknown"]);
  assert.deepEqual(marked(store), []);
});

Deno.test("flags: unmark, a delete and forget end a mark; only unprotect ends a protection", async () => {
  using store = await openTest();
  collect(store, "r1", ["a", "b", "c", "d"].map((id) => ({ id })));
  mark(store, ["a", "b", "c"]);
  changeFlags(store, [node("d")], { what: "protect", reason: "precious" });
  changeFlags(store, [node("a")], { what: "unmark", why: "wanted" });
  changeFlags(store, [node("b")], { what: "cleaned", why: "deleted" });
  assert.deepEqual(marked(store), ["c"]);
  assert.notEqual(flagsOf(store, node("b"))?.cleanedAt, null);
  forget(store, { accounts: ["a1"] });
  assert.deepEqual(marked(store), []);
  collect(store, "r2", [{ id: "c" }, { id: "d" }]);
  assert.deepEqual(listFlags(store).map(({ id }) => id), ["d"]);
  const outcomes = ["unmark", "cleaned"] as const;
  for (const what of outcomes) changeFlags(store, [node("d")], { what, why: "" });
  assert.equal(flagsOf(store, node("d"))?.protected, true);
  changeFlags(store, [node("d")], { what: "unprotect", why: "asked" });
  assert.equal(flagsOf(store, node("d"))?.protected, false);
});

Deno.test("flags: protecting ends a mark, and the log tells everything in order", async () => {
  using store = await openTest();
  collect(store, "r1", [{ id: "a" }]);
  mark(store, ["a"], "old");
  assert.deepEqual(mark(store, ["a"], "old"), ["unchanged"]);
  mark(store, ["a"], "very old");
  changeFlags(store, [node("a")], { what: "protect", reason: "precious" });
  const flags = flagsOf(store, node("a"));
  assert.equal(flags?.marked, false);
  assert.deepEqual(flags?.log.map(({ what, text }) => `${what}: ${text}`), [
    "mark: old",
    "mark: very old",
    "protect: precious",
  ]);
});

Deno.test("flags: a rule drops the marks that it would not set again, and no others", async () => {
  using store = await openTest();
  collect(store, "r1", ["a", "b", "c"].map((id) => ({ id })));
  mark(store, ["a", "b"], "expired", "expired");
  mark(store, ["c"], "by hand");
  assert.deepEqual(markingRules(store), ["expired"]);
  const still = new Set([identityText(node("a"))]);
  const dropped = dropMarks(store, "expired", (text) => still.has(text));
  assert.deepEqual(dropped.map(({ id }) => id), ["b"]);
  assert.deepEqual(marked(store), ["a", "c"]);
});

Deno.test("clean rows: how the scope was last looked at, and whether the node was seen then", async () => {
  using store = await openTest();
  collect(store, "r1", [{ id: "a" }, { id: "b" }]);
  const writer = begin(store, "r2");
  look(writer, { scope: EU, nodes: [{ id: "a" }], outcome: "denied" });
  writer.mark(scopeKey("demo_disk"), "skipped");
  finish(writer);
  const [a] = findNamed(store, "a");
  const [b] = findNamed(store, "b");
  assert.equal(a?.look?.outcome, "denied");
  assert.equal(a?.stale, false);
  assert.equal(b?.stale, true);
  assert.deepEqual(cleanEdges(store, a?.key ?? 0), []);
});

Deno.test("the journal of a plan is per plan; a store has one id", async () => {
  using store = await openTest();
  writeJournal(store, "p1", { node: "n", state: "begun", detail: "{}" });
  writeJournal(store, "p1", { node: "n", state: "done", detail: "{}" });
  assert.deepEqual(readJournal(store, "p1").map(({ state }) => state), ["done"]);
  assert.deepEqual(readJournal(store, "p2"), []);
  assert.equal(storeId(store), storeId(store));
  using other = await openTest();
  assert.notEqual(storeId(store), storeId(other));
});
