/** What holds for every graph, mark, fault and kill. `scripts/prove-cleanup N` tries N of them. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { applyToStore, type Limits, planStore, type SealedPlan } from "../../../lib/cleanup/mod.ts";
import { identityText, isConclusive } from "../../../lib/model/mod.ts";
import type { Store } from "../../../lib/store/mod.ts";
import { worlds } from "../../support/clean_arbitraries.ts";
import {
  belowInWorld,
  executeOptions,
  identityAt,
  Killed,
  NO_LIMITS,
  storeOf,
  type World,
  WorldCloud,
} from "../../support/clean_world.ts";

const RUNS = Number(Deno.env.get("PROVE_RUNS") ?? 200);

/** Carries the plan out, as often as it takes to come through all kills. */
async function applyThroughKills(store: Store, plan: SealedPlan, cloud: WorldCloud): Promise<void> {
  for (let kills = cloud.world.kills;; kills = []) {
    try {
      await applyToStore(store, plan, executeOptions(cloud.process(kills)));
      return;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}

function indexOf(id: string): number {
  return Number(id.slice(1));
}

function plannedOf({ plan }: SealedPlan): ReadonlySet<number> {
  const called = plan.entries.filter(({ action }) => action === "delete");
  return new Set(called.map(({ id }) => indexOf(id)));
}

/** Nodes below one that go with something that is below themselves. */
function lateBelow(world: World, { plan }: SealedPlan, index: number): readonly number[] {
  const below = belowInWorld(world, index);
  return plan.entries.flatMap(({ action, id, with: partner = "" }) => {
    const late = indexOf(id);
    if (action !== "goes_with" || !below.has(late)) return [];
    const isAbove = [...belowInWorld(world, late)]
      .some((other) => identityText(identityAt(world, other)) === partner);
    return isAbove && !belowInWorld(world, late).has(index) ? [late] : [];
  });
}

/** What may never happen, whatever the log of a cloud. */
function assertSafe(world: World, plan: SealedPlan, cloud: WorldCloud): void {
  const planned = plannedOf(plan);
  const gone = new Set(
    world.nodes.flatMap(({ trouble }, index) => trouble === "gone" ? [index] : []),
  );
  for (const [position, { change, index }] of cloud.log.entries()) {
    const node = world.nodes[index];
    assert.ok(node !== undefined);
    assert.ok(planned.has(index), `n${index} was not planned`);
    assert.ok(node.marked, `n${index} was not marked`);
    assert.ok(!node.protected && !node.phantom && node.kind !== "world_phantom");
    assert.ok(!["protected", "unmarked"].includes(node.trouble), `n${index}: ${node.trouble}`);
    const canBeRead = node.kind !== "world_blind";
    if (canBeRead) {
      const isKept = ["changed", "tagged", "guarded", "read_fails"].includes(node.trouble);
      assert.ok(!isKept, `n${index}: ${node.trouble}, yet ${change}`);
      if (node.trouble === "busy") assert.notEqual(change, "delete");
    }
    const scope = node.account * 2 + node.scope;
    assert.ok(isConclusive(world.outcomes[scope] ?? "failed"), `n${index} lies in an unsure scope`);
    assert.ok((world.hours[scope] ?? 999) <= 24);
    if (change !== "delete") continue;
    for (const late of lateBelow(world, plan, index)) {
      const went = cloud.went.get(late) ?? (gone.has(late) ? 0 : Infinity);
      assert.ok(went <= position, `n${index} went before n${late}, which goes late`);
    }
    for (const below of belowInWorld(world, index)) {
      const other = world.nodes[below];
      const isPhantom = other?.phantom === true || other?.kind === "world_phantom";
      if (isPhantom || other?.kind === "world_along") continue;
      assert.ok(other?.protected === false, `n${below} is protected and needs n${index}`);
      const waits = other.marked && other.trouble !== "unmarked" && !gone.has(below);
      assert.ok(!waits, `n${index} went before n${below}`);
    }
    if (node.trouble !== "stays") gone.add(index);
  }
}

Deno.test("clean-up: only what is planned, marked, unchanged and surely seen, leaves first", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      using store = await storeOf(world);
      const plan = planStore(store, NO_LIMITS);
      const cloud = new WorldCloud(world);
      cloud.happen(store);
      await applyThroughKills(store, plan, cloud);
      assertSafe(world, plan, cloud);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("clean-up: once without faults is all of it, and a second time does nothing", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (random) => {
      const nodes = random.nodes.map((node) => ({ ...node, trouble: "none" as const }));
      const world = { ...random, nodes };
      using store = await storeOf(world);
      const plan = planStore(store, NO_LIMITS);
      const cloud = new WorldCloud(world);
      await applyThroughKills(store, plan, cloud);
      assertSafe(world, plan, cloud);
      const isBlind = nodes.some(({ kind }) => kind === "world_blind");
      for (const index of plannedOf(plan)) {
        if (!isBlind) assert.ok(!cloud.exists(index), `n${index} is left`);
      }
      const deleted = cloud.log.filter(({ change }) => change === "delete");
      assert.equal(new Set(deleted.map(({ index }) => index)).size, deleted.length);
      const before = cloud.log.length;
      await applyToStore(store, plan, executeOptions(cloud.process([])));
      if (!isBlind) assert.equal(cloud.log.length, before, "the second time did something");
    }),
    { numRuns: RUNS },
  );
});

Deno.test("clean-up: a dry run asks no cloud for anything and keeps nothing", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      using store = await storeOf(world);
      const plan = planStore(store, NO_LIMITS);
      const flags = store.db.all("SELECT * FROM flags");
      const cloud = new WorldCloud(world);
      await applyToStore(store, plan, executeOptions(cloud, { dryRun: true }));
      assert.equal(cloud.calls, 0);
      assert.deepEqual(store.db.all("SELECT * FROM flags"), flags);
      assert.deepEqual(store.db.all("SELECT * FROM cleanups"), []);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("clean-up: caps and accounts hold, and every marked node is decided on exactly once", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.nat({ max: 3 }), fc.boolean(), async (world, count, deny) => {
      using store = await storeOf(world);
      const limits: Limits = {
        ...NO_LIMITS,
        cap: { form: "count", count },
        ...(deny ? { denyAccounts: ["a1"] } : { accounts: ["a0"] }),
      };
      const { plan } = planStore(store, limits);
      const called = plan.entries.filter(({ action }) => action !== "ended");
      assert.ok(called.length <= count && called.every(({ account }) => account === "a0"));
      const decided = [...plan.entries, ...plan.refusals].map(({ id }) => id).sort();
      const marked = store.db.all<{ id: string }>("SELECT id FROM flags WHERE marked ORDER BY id");
      assert.deepEqual(decided, marked.map(({ id }) => id));
    }),
    { numRuns: RUNS },
  );
});
