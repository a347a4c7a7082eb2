import assert from "node:assert/strict";
import { applyToStore, type CleanReport, planStore } from "../../../lib/cleanup/mod.ts";
import { changeFlags, flagsOf, type Store } from "../../../lib/store/mod.ts";
import {
  executeOptions,
  identityAt,
  NO_LIMITS,
  storeOf,
  type World,
  WorldCloud,
  type WorldNode,
} from "../../support/clean_world.ts";

const PLAIN: WorldNode = {
  kind: "world_plain",
  account: 0,
  scope: 0,
  marked: true,
  protected: false,
  phantom: false,
  main: false,
  trouble: "none",
};

/** A world of these nodes, all seen an hour ago; edges lead from parents to children. */
function worldOf(
  nodes: readonly Partial<WorldNode>[],
  edges: readonly (readonly [number, number])[] = [],
): World {
  return {
    nodes: nodes.map((node) => ({ ...PLAIN, ...node })),
    edges: edges.map(([from, to]) => ({ from, to, type: "dependency" })),
    outcomes: ["complete", "complete", "complete", "complete"],
    hours: [1, 1, 1, 1],
    kills: [],
  };
}

/** Outcomes in the order of the plan. */
function outcomes({ results }: CleanReport): readonly string[] {
  return results.map(({ id, outcome }) => `${id} ${outcome}`);
}

function calls(cloud: WorldCloud): readonly string[] {
  return cloud.log.map(({ change, index }) => `${change} n${index}`);
}

async function applyTo(
  store: Store,
  world: World,
  more: Partial<Parameters<typeof executeOptions>[1]> = {},
) {
  const cloud = new WorldCloud(world);
  const plan = planStore(store, NO_LIMITS);
  const report = await applyToStore(store, plan, executeOptions(cloud, more));
  return { cloud, plan, report };
}

Deno.test("apply: what is gone ends its mark; a log says what became of the rest", async () => {
  const world = worldOf([{}, { trouble: "delete_fails" }, { trouble: "changed" }]);
  using store = await storeOf(world);
  const { report } = await applyTo(store, world);
  assert.deepEqual(outcomes(report), ["n0 cleaned", "n1 failed", "n2 refused"]);
  const flags = [0, 1, 2].map((index) => flagsOf(store, identityAt(world, index)));
  assert.deepEqual(flags.map((each) => each?.marked), [false, true, true]);
  assert.match(flags[1]?.log.at(-1)?.text ?? "", /^clean-up: failed: broken$/);
  assert.match(flags[2]?.log.at(-1)?.text ?? "", /^clean-up: refused: it has changed: value$/);
});

Deno.test("apply: all of a level are prepared before the first is deleted", async () => {
  const world = worldOf([{ kind: "world_tied" }, { kind: "world_tied" }, {}], [[2, 0], [2, 1]]);
  using store = await storeOf(world);
  const { cloud } = await applyTo(store, world, { poolSize: 1 });
  assert.deepEqual(calls(cloud), [
    "prepare n0",
    "prepare n1",
    "delete n0",
    "delete n1",
    "delete n2",
  ]);
});

Deno.test("apply: a node that was not prepared is not deleted", async () => {
  const world = worldOf([{ kind: "world_tied", trouble: "prepare_fails" }]);
  using store = await storeOf(world);
  const failed: string[] = [];
  const metrics = {
    cleanupFinished: () => {},
    nodeCleaned: () => {},
    cleanupFailed: (step: string) => void failed.push(step),
  };
  const { cloud, report } = await applyTo(store, world, { metrics });
  assert.deepEqual(outcomes(report), ["n0 failed"]);
  assert.deepEqual(calls(cloud), []);
  assert.deepEqual(failed, ["pre_cleanup"]);
});

Deno.test("apply: waits until a node is gone; one that stays is unverified and holds back", async () => {
  const world = worldOf([{}, { trouble: "lingers" }, {}, { trouble: "stays" }], [[0, 1], [2, 3]]);
  using store = await storeOf(world);
  const { report } = await applyTo(store, world);
  assert.deepEqual(outcomes(report), ["n1 cleaned", "n3 unverified", "n0 cleaned", "n2 held_back"]);
});

Deno.test("apply: what cannot be read is deleted unverified, and what it stands on waits", async () => {
  const world = worldOf([{}, { kind: "world_blind" }], [[0, 1]]);
  using store = await storeOf(world);
  const { cloud, report } = await applyTo(store, world);
  assert.deepEqual(outcomes(report), ["n1 unverified", "n0 held_back"]);
  assert.deepEqual(calls(cloud), ["delete n1"]);
});

Deno.test("apply: what goes along is not called, and looked for afterwards", async () => {
  const world = worldOf([{}, { kind: "world_along", main: true }], [[0, 1]]);
  using store = await storeOf(world);
  const cloud = new WorldCloud(world);
  const plan = planStore(store, NO_LIMITS);
  const report = await applyToStore(store, plan, executeOptions(cloud));
  assert.deepEqual(outcomes(report), ["n1 goes_with_parent", "n0 cleaned"]);
  assert.deepEqual(calls(cloud), ["delete n0"]);
  const slow = worldOf([{}, { kind: "world_along", main: true, trouble: "stays" }], [[0, 1]]);
  using again = await storeOf(slow);
  const seen = await applyTo(again, slow);
  assert.deepEqual(outcomes(seen.report), ["n1 unverified", "n0 cleaned"]);
  assert.deepEqual(calls(seen.cloud), ["delete n0"]);
});

Deno.test("apply: what goes later than its partner is waited for, then what both stand on goes", async () => {
  const base = { kind: "world_along" } as const;
  const late = { kind: "world_along", main: true } as const;
  const world = worldOf([base, late, {}], [[0, 1], [1, 2]]);
  using store = await storeOf(world);
  const { cloud, report } = await applyTo(store, world);
  assert.deepEqual(outcomes(report), ["n1 goes_with_parent", "n2 cleaned", "n0 cleaned"]);
  assert.deepEqual(calls(cloud), ["delete n2", "delete n0"]);
  const slow = worldOf([base, { ...late, trouble: "stays" }, {}], [[0, 1], [1, 2]]);
  using again = await storeOf(slow);
  const left = await applyTo(again, slow);
  assert.deepEqual(outcomes(left.report), ["n1 unverified", "n2 cleaned", "n0 held_back"]);
  assert.deepEqual(calls(left.cloud), ["delete n2"]);
});

Deno.test("apply: what is protected since the plan was made counts, for what it needs, too", async () => {
  const world = worldOf([{}, { marked: false }], [[0, 1]]);
  using store = await storeOf(world);
  const plan = planStore(store, NO_LIMITS);
  changeFlags(store, [identityAt(world, 1)], { what: "protect", reason: "precious" });
  const cloud = new WorldCloud(world);
  const report = await applyToStore(store, plan, executeOptions(cloud));
  assert.deepEqual(outcomes(report), ["n0 held_back"]);
  assert.equal(cloud.calls, 0);
});

Deno.test("apply: tags that cannot be read are a fault, for one may keep the node", async () => {
  const world = worldOf([{}]);
  using store = await storeOf(world);
  const cloud = new WorldCloud(world);
  const blind = {
    has: cloud.has.bind(cloud),
    change: async (...asked: Parameters<WorldCloud["change"]>) => {
      const result = await cloud.change(...asked);
      return result.read === undefined
        ? result
        : { ...result, read: { ...result.read, unknown: ["tags"] } };
    },
  };
  const plan = planStore(store, NO_LIMITS);
  const report = await applyToStore(store, plan, executeOptions(blind));
  assert.deepEqual(outcomes(report), ["n0 failed"]);
  assert.match(report.results[0]?.why ?? "", /the tags of world_plain n0 cannot be read/);
  assert.deepEqual(calls(cloud), []);
});

Deno.test("apply: an interruption begins nothing more, and the next time goes on", async () => {
  const world = worldOf([{}, {}], [[0, 1]]);
  using store = await storeOf(world);
  const plan = planStore(store, NO_LIMITS);
  const cloud = new WorldCloud(world);
  const stop = new AbortController();
  const stopping = {
    has: cloud.has.bind(cloud),
    change: (...asked: Parameters<WorldCloud["change"]>) => {
      if (asked[1] === "delete") stop.abort("SIGINT");
      return cloud.change(...asked);
    },
  };
  const options = executeOptions(stopping, { signal: stop.signal });
  const first = await applyToStore(store, plan, options);
  assert.deepEqual(outcomes(first), ["n1 interrupted", "n0 held_back"]);
  assert.deepEqual(calls(cloud), ["delete n1"]);
  const second = await applyToStore(store, plan, executeOptions(cloud));
  assert.deepEqual(outcomes(second), ["n1 already_gone", "n0 cleaned"]);
});

Deno.test("apply: accounts that are denied now are left alone, whatever the plan says", async () => {
  const world = worldOf([{}, { account: 1 }]);
  using store = await storeOf(world);
  const plan = planStore(store, NO_LIMITS);
  const cloud = new WorldCloud(world);
  const limits = { ...NO_LIMITS, denyAccounts: ["a1"] };
  const report = await applyToStore(store, plan, executeOptions(cloud, { limits }));
  assert.deepEqual(outcomes(report), ["n0 cleaned", "n1 refused"]);
  assert.deepEqual(calls(cloud), ["delete n0"]);
});

Deno.test("apply: after a kill, what was deleted before holds nothing back", async () => {
  // The third goes with the second, and the first stands above both.
  const world = worldOf([{}, {}, { kind: "world_along", main: true }], [[0, 1], [1, 2]]);
  using store = await storeOf(world);
  const plan = planStore(store, NO_LIMITS);
  const cloud = new WorldCloud(world);
  const killed = cloud.process([{ at: 4, after: false }]);
  await assert.rejects(applyToStore(store, plan, executeOptions(killed)));
  assert.deepEqual(calls(cloud), ["delete n1"]);
  const report = await applyToStore(store, plan, executeOptions(cloud.process([])));
  assert.equal(report.counts.cleaned, 2);
  assert.deepEqual(calls(cloud), ["delete n1", "delete n0"]);
});
