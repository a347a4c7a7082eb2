import assert from "node:assert/strict";
import type { NodeInput } from "ckworker";
import { createChanger } from "../../../../plugins/random/changer.ts";
import { collector } from "../../../../plugins/random/collector.ts";
import { accountsOf, countOf, placesOf, THINGS } from "../../../../plugins/random/estate.ts";
import { options as schema, type RandomOptions } from "../../../../plugins/random/options.ts";
import { FakeContext } from "../../../support/fake_context.ts";

async function collect(given: Partial<RandomOptions>): Promise<readonly NodeInput[]> {
  const context = new FakeContext({ options: schema.parse(given) });
  await collector.collect(context);
  return context.scopes.flatMap(({ nodes }) => nodes);
}

const isResource = ({ kind }: NodeInput) => !/account|region/.test(kind);
const idOf = ({ kind, id }: NodeInput) => `${kind} ${id}`;

Deno.test("random: there are as many resources as were asked for", async () => {
  for (const size of [0, 1, 11, 99, 100, 1_234]) {
    for (const [accounts, regions] of [[1, 1], [2, 3], [7, 2]] as const) {
      const nodes = await collect({ size, accounts, regions });
      assert.equal(nodes.filter(isResource).length, size, `${size} ${accounts} ${regions}`);
      assert.equal(new Set(nodes.map(idOf)).size, nodes.length - (accounts - 1) * regions);
    }
  }
});

Deno.test("random: without accounts there is nothing, and it is told", async () => {
  assert.deepEqual(await collect({ accounts: 0 }), []);
});

Deno.test("random: the same seed makes the same cloud, another one a different one", async () => {
  const once = await collect({ size: 500 });
  assert.deepEqual(await collect({ size: 500 }), once);
  const other = new Set((await collect({ size: 500, seed: 1 })).filter(isResource).map(idOf));
  assert.equal(once.filter((node) => other.has(idOf(node))).length, 0);
});

Deno.test("random: churn changes about the share that was asked for", async () => {
  const before = new Map((await collect({ size: 3_000 })).map((node) => [idOf(node), node]));
  const after = new Map(
    (await collect({ size: 3_000, churn: 10 })).map((node) => [idOf(node), node]),
  );
  const gone = [...before.keys()].filter((id) => !after.has(id)).length;
  const fresh = [...after.keys()].filter((id) => !before.has(id)).length;
  const tagged = [...after.values()].filter(({ reported }) =>
    "changed" in Object(reported["tags"])
  );
  assert.ok(gone > 140 && gone < 260, `${gone} gone`);
  assert.ok(fresh > 60 && fresh < 140, `${fresh} new`);
  assert.ok(tagged.length > 60 && tagged.length < 140, `${tagged.length} changed`);
  assert.equal((await collect({ size: 300, churn: 100 })).filter(isResource).length < 250, true);
});

Deno.test("random: every edge leads to a resource of the same region", async () => {
  for (const churn of [0, 30]) {
    const nodes = await collect({ size: 2_000, churn, accounts: 1, regions: 1 });
    const ids = new Set(nodes.map(idOf));
    const edges = nodes.flatMap(({ edges = [] }) => edges);
    assert.ok(edges.length > 1_000);
    for (const { kind, value } of edges) assert.ok(ids.has(`${kind} ${value}`), `${kind} ${value}`);
  }
});

Deno.test("random: ten thousand accounts have their places at once, and others have none", () => {
  const given = schema.parse({ accounts: 10_000, size: 25_000, regions: 2, seed: 7 });
  const sizes = accountsOf(given).flatMap((id) => placesOf(given, id)).map(({ size }) => size);
  assert.deepEqual([sizes.length, Math.max(...sizes), Math.min(...sizes)], [20_000, 2, 1]);
  assert.equal(sizes.reduce((sum, size) => sum + size, 0), 25_000);
  for (const id of ["", "x", "000008000001", "000007010000", "-1"]) {
    assert.deepEqual(placesOf(given, id), []);
  }
});

Deno.test("random: a large place is counted without being made", () => {
  const given = schema.parse({ size: 100_000_000 });
  const places = accountsOf(given).flatMap((account) => placesOf(given, account));
  const sum = places.flatMap((place) => THINGS.map((thing) => countOf(thing, place)))
    .reduce((all, count) => all + count, 0);
  assert.equal(sum, 100_000_000);
});

Deno.test("random: a change lasts as long as its guest, and what was never there is gone", async () => {
  const given = schema.parse({ size: 100, accounts: 1, regions: 1 });
  const context = new FakeContext({ options: given });
  const { change } = createChanger(context);
  const [account = ""] = accountsOf(given);
  const [volume] = (await collect(given)).filter(({ kind }) => kind === "random_volume");
  assert.ok(volume);
  const node = {
    ...{ kind: volume.kind, id: volume.id, name: "", cloud: "random", reported: {} },
    ...{ account: { id: account, name: "", reported: {} }, region: { id: "random-1", name: "x" } },
  };
  const { signal } = new AbortController();
  const ask = (asked: Parameters<typeof change>[1], more: object = {}) =>
    change({ ...node, ...more }, asked, signal);
  const tagged = await ask({ type: "setTag", key: "a", value: "b" });
  assert.equal(tagged.tags?.["a"], "b");
  const { read } = await ask({ type: "read" });
  assert.deepEqual(Object(read?.reported["tags"])["a"], "b");
  assert.equal((await ask({ type: "removeTag", key: "a" })).tags?.["a"], undefined);
  assert.equal((await ask({ type: "delete" })).outcome, "done");
  assert.equal((await ask({ type: "delete" })).outcome, "gone");
  assert.equal((await ask({ type: "read" })).outcome, "gone");
  for (
    const more of [{ id: "volume-1-00000000" }, { id: "x" }, { region: undefined }, {
      kind: "aws_ec2_volume",
    }]
  ) {
    assert.equal((await ask({ type: "delete" }, more)).outcome, "gone", JSON.stringify(more));
  }
  assert.throws(() => ask({ type: "prepare" }), /no change prepare/);
});
