import assert from "node:assert/strict";
import type { Core, DialectName, NodePatch } from "../../../lib/core/mod.ts";
import { CoreRejectedError } from "../../../lib/errors/mod.ts";
import { type QueryWords, queryWords } from "../../../lib/sdk/mod.ts";
import { ask, CORES, graphId, idsOf, nodesById } from "../../support/core_world.ts";

const DISKS = ["a-1", "a-2", "a-3", "b-1", "b-2", "b-3"];
const signal = new AbortController().signal;

/** What a scenario gets: a core, and how it is spoken to. */
interface Scene extends QueryWords {
  readonly core: Core;
  readonly dialect: DialectName;
  /** Patches nodes by their ids in the cloud. */
  readonly patch: (id: string, ...patches: Omit<NodePatch, "id">[]) => Promise<void>;
}

/** Runs a scenario against every core there is. */
function everyCore(title: string, scenario: (scene: Scene) => Promise<void>): void {
  for (const [name, make] of CORES) {
    Deno.test(`a Core (${name}): ${title}`, async () => {
      await using world = await make();
      const { core, dialect } = world;
      const patch = async (id: string, ...patches: Omit<NodePatch, "id">[]) => {
        const node = await graphId(core, id);
        await core.patch(patches.map((each) => ({ id: node, ...each })), signal);
      };
      await scenario({ core, dialect, patch, ...queryWords(dialect) });
      assert.deepEqual(world.unread(), []);
    });
  }
}

const entry = (msg: string) => ({ timestamp: "2030-01-03T00:00:00Z", msg, exception: null });

everyCore("finds by kind, property, key, age and ancestor", async ({ core, path, text, list }) => {
  const found = (query: string) => idsOf(core, query);
  assert.deepEqual(await found("is(c_disk)"), DISKS);
  assert.deepEqual(await found(`${path("reported.kind")} in ${list(["c_disk", "x"])}`), DISKS);
  assert.deepEqual(await found(`${path("reported.disk_size")} == 7`), ["a-2", "b-2"]);
  const owned = `is(c_disk) and not(has_key(${path("reported.tags")}, ${list(["owner"])}))`;
  assert.deepEqual(await found(owned), ["a-2", "b-2"]);
  assert.deepEqual(await found(`is(c_disk) and ${path("reported.age")} > 1d`), [
    "a-1",
    "a-3",
    "b-1",
    "b-3",
  ]);
  const account = path("ancestors.account.reported.id");
  assert.deepEqual(await found(`is(c_disk) and ${account} == ${text("b")}`), DISKS.slice(3));
  const grouped = `is(c_disk) and ((${account} == "a" and ${path("reported.age")} > 2w) or ` +
    `(${account} == "b" and ${path("reported.age")} < 2h))`;
  assert.deepEqual(await found(grouped), ["a-3", "b-2"]);
});

everyCore("knows when a node expires", async ({ core, path, text }) => {
  const expired = `${path("metadata.expires")} < ${text("2030-01-03T00:00:00Z")}`;
  const nodes = await nodesById(core, expired);
  assert.deepEqual([...nodes.keys()].sort(), ["a-1", "b-1"]);
  assert.equal(nodes.get("a-1")?.metadata?.["expires"], "2030-01-02T00:00:00Z");
});

everyCore("tells ancestors, ages and marks of a node", async ({ core, path, text }) => {
  const node = (await nodesById(core, `${path("reported.id")} == ${text("a-1")}`)).get("a-1");
  const place = (id: string) => ({ reported: { id, name: id } });
  assert.deepEqual(node?.ancestors, {
    cloud: place("sky"),
    account: place("a"),
    region: place("a-r"),
  });
  assert.equal(node?.reported["age"], "2d");
  assert.notEqual(node?.metadata?.["protected"], true);
  assert.notEqual(node?.metadata?.["cleaned"], true);
  assert.notEqual(node?.desired?.["clean"], true);
  const quota = (await nodesById(core, "is(c_quota)")).get("a-q");
  assert.equal(quota?.metadata?.["phantom"], true);
});

everyCore("tells all nodes of a walk, then the edges between them", async ({ core }) => {
  const records = await ask(core, "is(c_quota) <-[0:]->");
  const nodes = records.filter((record) => record.type === "node");
  assert.deepEqual(records.slice(0, nodes.length), nodes);
  const name = new Map(nodes.map(({ id, reported }) => [id, String(reported["id"])]));
  assert.deepEqual(
    [...name.values()].filter((id) => id !== "root").sort(),
    ["a", "a-q", "a-r", "sky"],
  );
  const edges = records.flatMap((record) => record.type === "edge" ? [record] : []);
  const told = edges.map(({ from, to, edgeType }) => [name.get(from), name.get(to), edgeType])
    .filter(([from]) => from !== "root").sort();
  assert.deepEqual(told, [
    ["a", "a-r", "dependency"],
    ["a-r", "a-q", "dependency"],
    ["sky", "a", "dependency"],
  ]);
});

everyCore("tells tagged nodes apart from those reached", async ({ core }) => {
  const nodes = await nodesById(core, "is(c_quota) #found <-[0:]-");
  const tags = [...nodes].filter(([id]) => id !== "root")
    .map(([id, { metadata }]) => [id, metadata?.["query_tag"]]);
  assert.deepEqual(tags[0], ["a-q", "found"]);
  assert.deepEqual(tags.slice(1).sort(), [["a", undefined], ["a-r", undefined], [
    "sky",
    undefined,
  ]]);
});

everyCore("counts by groups", async ({ core, path }) => {
  const account = path("ancestors.account.reported.id");
  const query = `aggregate(${account} as account: sum(1) as disks): is(c_disk)`;
  const groups = await Array.fromAsync(core.aggregate(query, signal));
  assert.deepEqual(groups.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1), [
    { group: { account: "a" }, disks: 3 },
    { group: { account: "b" }, disks: 3 },
  ]);
});

everyCore("marks a node and ends its mark", async ({ core, path, patch }) => {
  const marked = `${path("desired.clean")} == true and ${path("metadata.cleaned")} != true`;
  assert.deepEqual(await idsOf(core, marked), []);
  await patch("a-1", { desired: { clean: true }, metadata: { event_log: [entry("unused")] } });
  const nodes = await nodesById(core, marked);
  assert.deepEqual([...nodes.keys()], ["a-1"]);
  assert.equal(nodes.get("a-1")?.desired?.["clean"], true);
  await patch("a-1", { desired: { clean: false }, metadata: { event_log: [entry("used")] } });
  assert.deepEqual(await idsOf(core, marked), []);
});

everyCore("protects a node", async ({ core, path, patch }) => {
  await patch("b-1", { metadata: { protected: true, event_log: [entry("snowflake")] } });
  assert.deepEqual(await idsOf(core, `${path("metadata.protected")} == true`), ["b-1"]);
  const free = `is(c_disk) and ${path("metadata.protected")} != true`;
  assert.deepEqual(await idsOf(core, free), DISKS.filter((id) => id !== "b-1"));
});

everyCore("knows that a node is cleaned up", async ({ core, path, patch }) => {
  await patch("b-2", { desired: { clean: true } });
  await patch("b-2", { metadata: { cleaned: true } });
  assert.deepEqual(await idsOf(core, `${path("metadata.cleaned")} == true`), ["b-2"]);
  const open = `${path("desired.clean")} == true and ${path("metadata.cleaned")} != true`;
  assert.deepEqual(await idsOf(core, open), []);
});

everyCore("takes the tags that a node has now", async ({ core, path, patch }) => {
  await patch("a-1", { reported: { tags: { owner: "z" } } });
  const node = (await nodesById(core, `${path("reported.id")} == "a-1"`)).get("a-1");
  assert.deepEqual(node?.reported["tags"], { owner: "z" });
  assert.equal(node?.reported["ctime"], "2030-01-01T00:00:00Z");
});

everyCore("takes several patches of a node, in their order", async ({ core, path, patch }) => {
  const log = [entry("first"), entry("second")];
  await patch(
    "a-1",
    { desired: { clean: true }, metadata: { event_log: log.slice(0, 1) } },
    { desired: { clean: false }, metadata: { event_log: log } },
    { metadata: { event_log: log } },
  );
  assert.deepEqual(await idsOf(core, `${path("desired.clean")} == true`), []);
});

everyCore(
  "passes over nodes that it does not know, and no patch at all",
  async ({ core, path }) => {
    await core.patch([{ id: "nobody", desired: { clean: true } }], signal);
    await core.patch([], signal);
    assert.deepEqual(await idsOf(core, `${path("desired.clean")} == true`), []);
  },
);

for (const [name, make] of CORES) {
  Deno.test(`a Core (${name}): refuses what it cannot read`, async () => {
    await using world = await make();
    const { core } = world;
    await assert.rejects(ask(core, "is("), CoreRejectedError);
    await assert.rejects(ask(core, ""), CoreRejectedError);
    await assert.rejects(ask(core, "aggregate(kind: sum(1)): all"), CoreRejectedError);
    await assert.rejects(Array.fromAsync(core.aggregate("all", signal)), CoreRejectedError);
    const patch = { id: await graphId(core, "a-1"), reported: { no_such_property: 1 } };
    await assert.rejects(core.patch([patch], signal), CoreRejectedError);
  });

  Deno.test(`a Core (${name}): ends with its signal`, async () => {
    await using world = await make();
    const over = AbortSignal.abort(new Error("enough"));
    await assert.rejects(Array.fromAsync(world.core.query("all", over)), /enough/);
    await assert.rejects(world.core.patch([{ id: "x", desired: { clean: true } }], over), /enough/);
  });
}
