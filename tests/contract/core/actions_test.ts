/** Action plugins as real guests over every core: the same decisions, and the same graph behind them. */
import assert from "node:assert/strict";
import { queryWords } from "../../../lib/sdk/mod.ts";
import { actions } from "../../../plugins/mod.ts";
import { runTestAction } from "../../support/action_run.ts";
import { CORES, idsOf, WORLD_NOW } from "../../support/core_world.ts";

const BASE = new URL("../../../main.ts", import.meta.url).href;
const FILES = {
  "untagged.yaml": `default: {age: 2h}
tags: [owner]
kinds: [c_disk]
accounts: {sky: {a: {name: a}, b: {name: b, age: 30m}}}
`,
  "snowflakes.yaml": "sky: {a: {a-r: {c_disk: [a-1, b-1]}}}\n",
};

for (const [name, make] of CORES) {
  Deno.test(`action plugins over a Core (${name}) protect, mark and leave alone`, async () => {
    await using world = await make();
    const { core } = world;
    const { path } = queryWords(world.dialect);
    const run = async (plugin: string, options: Record<string, unknown>) => {
      const entry = actions.find(({ manifest }) => manifest.name === plugin);
      assert.ok(entry);
      const { decisions } = await runTestAction({
        ...{ entry, core, base: BASE, texts: FILES, now: () => WORLD_NOW },
        options: entry.manifest.options.parse(options),
      });
      return decisions.map(({ type, node, outcome }) => `${type} ${node.resource} ${outcome}`)
        .toSorted();
    };
    assert.deepEqual(await run("protect_snowflakes", { config: "snowflakes.yaml" }), [
      "protect a-1 done",
    ]);
    assert.deepEqual(await run("cleanup_expired", { enabled: true }), ["mark b-1 done"]);
    assert.deepEqual(await run("cleanup_untagged", { config: "untagged.yaml" }), ["mark b-2 done"]);
    assert.deepEqual(await idsOf(core, `${path("metadata.protected")} == true`), ["a-1"]);
    assert.deepEqual(await idsOf(core, `${path("desired.clean")} == true`), ["b-1", "b-2"]);
    assert.deepEqual(world.unread(), []);
  });
}
