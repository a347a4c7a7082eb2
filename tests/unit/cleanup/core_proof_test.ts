/** What holds under every core, whatever it answers. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { cleanupAction, type CoreCleanupOptions } from "../../../lib/cleanup/mod.ts";
import { CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { isConclusive, KindIndex } from "../../../lib/model/mod.ts";
import { worlds } from "../../support/clean_arbitraries.ts";
import { CleanCore, type CoreFaults, NO_FAULTS } from "../../support/clean_core.ts";
import {
  belowInWorld,
  executeOptions,
  Killed,
  NO_LIMITS,
  storeOf,
  type World,
  WORLD_KINDS,
  WorldCloud,
} from "../../support/clean_world.ts";

const RUNS = Number(Deno.env.get("PROVE_RUNS") ?? 200);
const NEVER = new AbortController().signal;

function options(core: CleanCore, cloud: WorldCloud, more: Partial<CoreCleanupOptions> = {}) {
  const { limits: _, dryRun: __, ...rest } = executeOptions(cloud);
  return {
    ...rest,
    core,
    kinds: new KindIndex(WORLD_KINDS),
    clouds: [],
    limits: NO_LIMITS,
    cleanup: true,
    dryRun: false,
    signal: NEVER,
    deadline: NEVER,
    ...more,
  } satisfies CoreCleanupOptions;
}

const indexes = fc.uniqueArray(fc.nat({ max: 9 }), { maxLength: 2 });
const faults: fc.Arbitrary<CoreFaults> = fc.record({
  withoutAncestors: indexes,
  leftOut: indexes,
  twice: indexes,
  silent: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  deaf: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
});

function assertSafe(world: World, cloud: WorldCloud, faults: CoreFaults, known: boolean): void {
  const gone = new Set<number>();
  for (const { change, index } of cloud.log) {
    const node = world.nodes[index];
    assert.ok(node?.marked && !node.protected && !node.phantom);
    assert.notEqual(node.kind, "world_phantom");
    assert.ok(!faults.withoutAncestors.includes(index) && !faults.leftOut.includes(index));
    if (node.kind !== "world_blind") {
      const isKept = ["changed", "tagged", "guarded", "read_fails"].includes(node.trouble);
      assert.ok(!isKept, `n${index}: ${node.trouble}, yet ${change}`);
    }
    const scope = node.account * 2 + node.scope;
    if (known) assert.ok(isConclusive(world.outcomes[scope] ?? "failed"));
    if (change !== "delete") continue;
    for (const below of belowInWorld(world, index)) {
      const other = world.nodes[below];
      const isPhantom = other?.phantom === true || other?.kind === "world_phantom";
      // Behind a node that the core left out nobody sees anything.
      if (isPhantom || other?.kind === "world_along" || faults.leftOut.length > 0) continue;
      assert.ok(other?.protected === false, `n${below} is protected and needs n${index}`);
      assert.ok(!other.marked || gone.has(below), `n${index} went before n${below}`);
    }
    if (node.trouble !== "stays") gone.add(index);
  }
}

Deno.test("cleanup of a core: safe with every answer, with and without a store", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, faults, fc.boolean(), async (random, faults, known) => {
      const outside = ["gone", "protected", "unmarked"];
      const nodes = random.nodes.map((node) =>
        outside.includes(node.trouble) ? { ...node, trouble: "none" as const } : node
      );
      const world = { ...random, nodes };
      using store = await storeOf(world);
      const core = new CleanCore(world, faults);
      const cloud = new WorldCloud(world);
      const given = known ? { store } : {};
      for (let kills = world.kills;; kills = []) {
        try {
          await cleanupAction({ ...options(core, cloud, given), cloud: cloud.process(kills) });
          break;
        } catch (error) {
          if (error instanceof CoreUnreachableError) break;
          assert.ok(error instanceof Killed, String(error));
        }
      }
      assertSafe(world, cloud, faults, known);
      if (faults.silent) assert.equal(cloud.calls, 0);
      for (const { id, metadata } of core.patches) {
        const index = Number(id.slice(1));
        if (metadata?.["cleaned"] !== true) continue;
        assert.ok(!cloud.exists(index), `n${index} exists and is called cleaned`);
      }
    }),
    { numRuns: RUNS },
  );
});

/** One node on which another one stands. */
const PAIR: World = {
  nodes: [0, 1].map(() => ({
    kind: "world_plain",
    account: 0,
    scope: 0,
    marked: true,
    protected: false,
    phantom: false,
    main: false,
    trouble: "none",
  })),
  edges: [{ from: 0, to: 1, type: "dependency" }],
  outcomes: ["complete", "complete", "complete", "complete"],
  hours: [1, 1, 1, 1],
  kills: [],
};

Deno.test("cleanup of a core: what is gone is told as cleaned, leaves first", async () => {
  const core = new CleanCore(PAIR);
  const cloud = new WorldCloud(PAIR);
  const done = await cleanupAction(options(core, cloud, { clouds: ["world"] }));
  assert.deepEqual(cloud.log.map(({ index }) => index), [1, 0]);
  assert.deepEqual(done?.report.counts, { cleaned: 2 });
  assert.deepEqual(core.queries, [
    'desired.clean == true and metadata.cleaned == false and ancestors.cloud.reported.id in ["world"] <-[0:]->',
  ]);
  assert.deepEqual(core.patches.map(({ id, metadata }) => [id, metadata?.["cleaned"]]), [
    ["c1", true],
    ["c0", true],
  ]);
});

Deno.test("cleanup of a core: without consent nothing is asked; a dry run changes nothing", async () => {
  const core = new CleanCore(PAIR);
  const cloud = new WorldCloud(PAIR);
  assert.equal(await cleanupAction(options(core, cloud, { cleanup: false })), undefined);
  assert.deepEqual(core.queries, []);
  const dry = await cleanupAction(options(core, cloud, { dryRun: true }));
  assert.deepEqual(dry?.report.counts, { dry_run: 2 });
  assert.equal(cloud.calls, 0);
  assert.deepEqual(core.patches, []);
});

Deno.test("cleanup of a core: a refusal is told to the core, and nodes of others are left alone", async () => {
  const nodes = PAIR.nodes.map((node, index) => index === 1 ? { ...node, phantom: true } : node);
  const core = new CleanCore({ ...PAIR, nodes });
  await cleanupAction(options(core, new WorldCloud({ ...PAIR, nodes })));
  const told = core.patches.find(({ id }) => id === "c1");
  assert.equal(told?.metadata?.["cleaned"], false);
  assert.match(JSON.stringify(told), /Not cleaned up: it is no resource of the cloud/);
  const strange = PAIR.nodes.map((node) => ({ ...node, kind: "other_kind" }));
  const other = new CleanCore({ ...PAIR, nodes: strange });
  const done = await cleanupAction(options(other, new WorldCloud({ ...PAIR, nodes: strange })));
  assert.deepEqual(done?.plan.refusals.map(({ guard }) => guard), ["unsupported", "unsupported"]);
  assert.deepEqual(other.patches, []);
});

Deno.test("cleanup of a core: the later generation is asked in its own words", async () => {
  const core = new CleanCore(PAIR, NO_FAULTS, "fixcore");
  await cleanupAction(options(core, new WorldCloud(PAIR), { clouds: ["a", "b"] }));
  assert.deepEqual(core.queries, [
    "/desired.clean == true and /metadata.cleaned != true and /metadata.protected!=true" +
    ' and /ancestors.cloud.reported.id in ["a", "b"] <-default,delete[0:]->',
  ]);
});

Deno.test("cleanup of a core: a cap that nobody set is none, and that is told", async () => {
  const warned: string[] = [];
  const core = new CleanCore(PAIR);
  const base = options(core, new WorldCloud(PAIR));
  const log = { ...base.log, warn: (event: string) => void warned.push(event) };
  const limits = { ...NO_LIMITS, cap: { form: "default" } as const };
  await cleanupAction({ ...base, log, limits });
  assert.deepEqual(warned, ["cleanup.no_cap"]);
  const capped = { ...NO_LIMITS, cap: { form: "count", count: 1 } as const };
  const cloud = new WorldCloud(PAIR);
  await cleanupAction(options(core, cloud, { limits: capped }));
  assert.deepEqual(cloud.log, []);
});
