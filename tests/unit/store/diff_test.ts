import assert from "node:assert/strict";
import { StoreError } from "../../../lib/errors/mod.ts";
import { type Diff, diffRuns, findRun, listRuns, prune, showRun } from "../../../lib/store/mod.ts";
import { begin, idsOf, openTest, runOnce, scopeKey } from "../../support/store.ts";

const scope = scopeKey();
const disks = scopeKey("demo_disk");

function short(diff: Diff): string[] {
  return [...diff.nodes()].map(({ what, seems, id, properties }) =>
    `${what}${what === seems ? "" : `(${seems})`} ${id} ${properties.map(({ name }) => name)}`
      .trim()
  );
}

Deno.test("diffRuns() tells what was added, removed and changed, with values", async () => {
  using store = await openTest();
  runOnce(store, "r1", [{
    scope,
    nodes: [
      { id: "gone" },
      { id: "same", body: { state: "x", load: 1 } },
      { id: "changed", name: "old", body: { state: "x", size: 1 } },
    ],
  }]);
  runOnce(store, "r2", [{
    scope,
    nodes: [
      { id: "new" },
      { id: "same", body: { load: 2, state: "x" } },
      { id: "changed", name: "new", body: { state: "y", arn: "z" } },
    ],
  }]);
  const diff = diffRuns(store);
  assert.deepEqual([diff.from, diff.to, diff.unknown], ["r1", "r2", []]);
  assert.deepEqual(short(diff), [
    "changed changed name,arn,size,state",
    "removed gone",
    "added new",
  ]);
  assert.deepEqual([...diff.nodes()][0]?.properties, [
    { name: "name", before: "old", after: "new" },
    { name: "arn", before: undefined, after: "z" },
    { name: "size", before: 1, after: undefined },
    { name: "state", before: "x", after: "y" },
  ]);
  assert.deepEqual(short(diffRuns(store, { from: "r2", to: "r1" })), [
    "changed changed name,arn,size,state",
    "added gone",
    "removed new",
  ]);
});

Deno.test("diffRuns() compares any two runs, not only neighbours", async () => {
  using store = await openTest();
  const states = [["a", "b"], ["a"], ["a", "b", "c"], ["c"]];
  states.forEach((ids, index) => {
    const nodes = ids.map((id) => ({ id, body: { state: id === "a" ? `${index % 2}` : "x" } }));
    runOnce(store, `r${index}`, [{ scope, nodes }]);
  });
  assert.deepEqual(short(diffRuns(store, { from: "r0", to: "r2" })), ["added c"]);
  assert.deepEqual(short(diffRuns(store, { from: "r0", to: "r1" })), [
    "changed a state",
    "removed b",
  ]);
  assert.deepEqual(short(diffRuns(store, { from: "r1", to: "last" })), ["removed a", "added c"]);
  assert.deepEqual(short(diffRuns(store, { from: "last", to: "last" })), []);
});

Deno.test("diffRuns() calls unknown what was not conclusively looked at in both runs", async () => {
  using store = await openTest();
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }, { scope: disks, nodes: [] }]);
  runOnce(store, "r2", [{ scope, nodes: [{ id: "b" }], outcome: "denied" }]);
  const diff = diffRuns(store);
  assert.deepEqual(short(diff), ["unknown(added) b"]);
  assert.deepEqual(diff.unknown, [
    { ...disks, before: "complete", after: null },
    { ...scope, before: "complete", after: "denied" },
  ]);
});

Deno.test("diffRuns() limits itself to a filter", async () => {
  using store = await openTest();
  runOnce(store, "r1", [{ scope }, { scope: disks }]);
  runOnce(store, "r2", [
    { scope, nodes: [{ id: "a" }] },
    { scope: disks, nodes: [{ id: "d", kind: "demo_disk" }] },
  ]);
  assert.deepEqual(short(diffRuns(store, { filter: { kinds: ["instance"] } })), ["added a"]);
  assert.deepEqual(short(diffRuns(store, { filter: { regions: ["us"] } })), []);
});

Deno.test("listRuns() gives runs newest first with their sums, interrupted ones too", async () => {
  using store = await openTest();
  runOnce(store, "r1", [{ scope, nodes: [{ id: "a" }] }, { scope: disks }]);
  begin(store, "r2");
  const runs = listRuns(store);
  assert.deepEqual(
    runs.map(({ id, finishedAt, scopes, added }) => [id, finishedAt !== null, scopes, added]),
    [
      ["r2", false, 0, 0],
      ["r1", true, 2, 1],
    ],
  );
});

Deno.test("showRun() gives summary and ledger, and takes the beginning of an id", async () => {
  using store = await openTest();
  runOnce(store, "abc-1", [{ scope, nodes: [{ id: "a" }] }]);
  runOnce(store, "abd-2", [{ scope, outcome: "denied" }]);
  assert.deepEqual(showRun(store, "abc").summary, { ok: true });
  assert.deepEqual(showRun(store, "last").ledger.map(({ outcome }) => outcome), ["denied"]);
  assert.equal(showRun(store, "last~1").id, "abc-1");
  for (const id of ["ab", "x", "last~9", ""]) assert.throws(() => findRun(store, id), StoreError);
});

Deno.test("prune() forgets old runs and their history, not the state they left", async () => {
  using store = await openTest();
  for (const index of [1, 2, 3, 4]) {
    const looks = [{ scope, nodes: [{ id: "a", body: { state: `${index}` } }] }];
    runOnce(
      store,
      `r${index}`,
      index === 1 ? [...looks, { scope: disks, outcome: "denied" }] : looks,
    );
  }
  assert.deepEqual(prune(store, { keepRuns: 9, before: new Date(0) }), { runs: 0, history: 0 });
  assert.deepEqual(prune(store, { keepRuns: 2, compact: true }), { runs: 2, history: 1 });
  assert.deepEqual(listRuns(store).map(({ id }) => id), ["r4", "r3"]);
  assert.deepEqual(short(diffRuns(store)), ["changed a state"]);
  assert.throws(() => showRun(store, "r1"), StoreError);
  assert.deepEqual(
    store.db.all<{ outcome: string }>("SELECT outcome FROM scope WHERE run = 'r1'").length,
    1,
  );
  assert.deepEqual(prune(store, { before: new Date(Date.UTC(2040, 0)) }).runs, 1);
  assert.deepEqual(listRuns(store).map(({ id }) => id), ["r4"]);
  assert.deepEqual(idsOf(store), ["a"]);
});
