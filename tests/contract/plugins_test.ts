/**
 * What every collector must do against its counterpart: a plugin that is not in the table of
 * `tests/support/counterparts/mod.ts` fails.
 */
import assert from "node:assert/strict";
import type { RunSummary } from "../../lib/collect/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { COUNTERPARTS, type PluginCounterpart, TROUBLES } from "../support/counterparts/mod.ts";
import {
  collectorOf,
  faultsOf,
  type Held,
  makePluginStore,
} from "../support/counterparts/plugin_store.ts";

Deno.test("plugins: every collector has a counterpart, and none has two", () => {
  const tested = COUNTERPARTS.map(({ plugin }) => plugin).sort();
  assert.deepEqual(tested, plugins.map(({ manifest }) => manifest.name).sort());
});

for (const of of COUNTERPARTS) {
  const { plugin } = of;

  Deno.test(`plugins: ${plugin} collects every kind, twice without a change, and loses nothing by faults`, async (t) => {
    await using counterpart = await of.start("everything");
    await using store = await makePluginStore(of.base);
    const collect = () => store.collect([collectorOf(plugin, counterpart.configuration)]);
    const first = await collect();
    const held = store.read();

    await t.step("it is complete", () => {
      assert.deepEqual([first.exitCode, trouble(first)], [0, []]);
      assert.deepEqual(unreached(of, held.kinds), Object.keys(of.unreached ?? {}).sort());
      assert.deepEqual(held.stale, []);
    });
    await t.step("once more nothing is changed", async () => {
      const { kinds, exitCode } = await collect();
      assert.equal(exitCode, 0);
      assertSame(store.read(), held);
      const changes = kinds.map(({ added, changed, removed }) => added + changed + removed);
      assert.deepEqual(changes, kinds.map(() => 0));
    });
    for (const what of TROUBLES) {
      if (of.spared?.[what] !== undefined) continue;
      await t.step(`${what}: it is reported, and costs nothing that was there`, async () => {
        assert.ok(counterpart.trouble, `${plugin} cannot have any trouble`);
        await counterpart.trouble(what);
        const summary = await collect();
        assert.notEqual(summary.exitCode, 0);
        assert.notDeepEqual(trouble(summary), []);
        const { nodes, edges, stale } = store.read();
        assert.deepEqual(held.nodes.filter((node) => !nodes.includes(node)), []);
        assert.deepEqual(held.edges.filter((edge) => !edges.includes(edge)), []);
        if (what !== "bad record") assert.ok(stale.length > 0, "what was not seen is stale");
        if (what !== "no credentials") assert.ok(stale.length < nodes.length, "the rest is not");
      });
    }
    await t.step("when all is well again nothing is left of it", async () => {
      await counterpart.trouble?.(undefined);
      assert.equal((await collect()).exitCode, 0);
      assertSame(store.read(), held);
    });
  });

  Deno.test(`plugins: ${plugin} collects an account with nothing in it`, async () => {
    await using counterpart = await of.start("nothing");
    await using store = await makePluginStore(of.base);
    const summary = await store.collect([collectorOf(plugin, counterpart.configuration)]);
    assert.deepEqual([summary.exitCode, trouble(summary)], [0, []]);
    assert.ok(store.read().nodes.length > 0, "the account itself is there");
  });
}

function assertSame({ nodes, edges, stale }: Held, held: Held): void {
  assert.deepEqual([nodes, edges, stale], [held.nodes, held.edges, held.stale]);
}

/** Everything that a run has to report. */
function trouble(summary: RunSummary): readonly string[] {
  const failures = summary.collectors.flatMap(({ error }) => error?.message ?? []);
  return [...faultsOf(summary), ...failures];
}

/** Kinds that have nodes, and of which none was collected. */
function unreached(
  { plugin, reaches }: PluginCounterpart,
  kinds: ReadonlySet<string>,
): readonly string[] {
  const all = plugins.flatMap(({ manifest, model }) =>
    model.kinds.filter(({ name, nested }) =>
      nested !== true && (reaches?.(name) ?? manifest.name === plugin)
    )
  );
  const bases = new Set(all.flatMap(({ bases }) => bases));
  const missing = all.filter(({ name }) => !bases.has(name) && !kinds.has(name));
  return missing.map(({ name }) => name).sort();
}
