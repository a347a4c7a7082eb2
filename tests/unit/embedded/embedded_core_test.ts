import assert from "node:assert/strict";
import { embeddedCore } from "../../../lib/embedded/mod.ts";
import { CoreRejectedError } from "../../../lib/errors/mod.ts";
import { flagsOf, type Store } from "../../../lib/store/mod.ts";
import {
  collectWorld,
  idsOf,
  nodesById,
  WORLD_NOW,
  worldId,
  worldStore,
} from "../../support/core_world.ts";

const signal = new AbortController().signal;
const DISK = {
  kind: "c_disk",
  cloud: "sky",
  account: "a",
  region: "a-r",
  zone: "undefined",
  id: "a-1",
  twin: "",
};
const log = (...lines: readonly string[]) => ({
  event_log: lines.map((msg, at) => ({ timestamp: `${at}`, msg, exception: null })),
});

function eventsOf(store: Store): readonly string[] {
  return (flagsOf(store, DISK)?.log ?? []).map(({ what, text }) => `${what}: ${text}`);
}

Deno.test("EmbeddedCore: speaks as the older generation, over the path of its store", async () => {
  using store = await worldStore();
  const core = embeddedCore(store, { rule: "" });
  assert.equal(await core.dialect(signal), "ckcore");
  assert.equal(core.name, ":memory:");
  await core.prepare(signal);
  const upload = { kinds: store.kinds, parts: [] };
  await assert.rejects(core.commit(upload, signal), CoreRejectedError);
});

Deno.test("EmbeddedCore.query(): takes the words of the later generation too", async () => {
  using store = await worldStore();
  const core = embeddedCore(store, { rule: "" });
  const found = await idsOf(
    core,
    "/reported.kind == c_disk and /ancestors.account.reported.id == a",
  );
  assert.deepEqual(found, ["a-1", "a-2", "a-3"]);
});

Deno.test("EmbeddedCore.query(): refuses kinds and properties that no model has", async () => {
  using store = await worldStore();
  const core = embeddedCore(store, { rule: "" });
  for (const text of ["is(c_dsik)", "reported.no_such_property == 1"]) {
    await assert.rejects(idsOf(core, text), (error) => {
      assert.ok(error instanceof CoreRejectedError);
      assert.match(error.message, /there is no kind c_dsik|no kind has a property/);
      return true;
    });
  }
});

Deno.test("EmbeddedCore.patch(): a mark has the last entry as its reason, the others are notes", async () => {
  using store = await worldStore();
  const core = embeddedCore(store, { rule: "plugin: x" });
  const id = worldId("a-1");
  await core.patch([{ id, metadata: log("looked at") }], signal);
  await core.patch([{
    id,
    desired: { clean: true },
    metadata: log("looked at", "again", "unused"),
  }], signal);
  const { marked, reason, rule } = flagsOf(store, DISK) ?? {};
  assert.deepEqual({ marked, reason, rule }, { marked: true, reason: "unused", rule: "plugin: x" });
  assert.deepEqual(eventsOf(store), ["note: looked at", "note: again", "mark: unused"]);
  await core.patch([{ id, desired: null }], signal);
  assert.equal(flagsOf(store, DISK)?.marked, false);
  assert.equal(eventsOf(store).at(-1), "unmark: no reason given");
});

Deno.test("EmbeddedCore.patch(): a protection ends a mark, keeps marks away and stays", async () => {
  using store = await worldStore();
  const core = embeddedCore(store, { rule: "plugin: x" });
  const id = worldId("a-1");
  await core.patch([{ id, desired: { clean: true }, metadata: log("unused") }], signal);
  await core.patch([{ id, metadata: { protected: true, ...log("unused", "dear") } }], signal);
  assert.deepEqual(await idsOf(core, "desired.clean == true"), []);
  await core.patch(
    [{ id, desired: { clean: true }, metadata: log("unused", "dear", "old") }],
    signal,
  );
  await core.patch([{ id, metadata: { protected: false } }], signal);
  assert.deepEqual(await idsOf(core, "desired.clean == true"), []);
  assert.deepEqual(await idsOf(core, "metadata.protected == true"), ["a-1"]);
  assert.equal(eventsOf(store).at(-1), "note: not marked, it is protected: old");
});

Deno.test("EmbeddedCore.patch(): a phantom is not marked, and then nothing of the patch is done", async () => {
  using store = await worldStore();
  const core = embeddedCore(store, { rule: "" });
  const patches = ["a-1", "a-q"].map((name) => ({ id: worldId(name), desired: { clean: true } }));
  await assert.rejects(core.patch(patches, signal), (error) => {
    assert.ok(error instanceof CoreRejectedError);
    assert.match(error.message, /c_quota a-q cannot be marked: it is a phantom/);
    return true;
  });
  assert.deepEqual(await idsOf(core, "desired.clean == true"), []);
});

for (
  const [what, patch] of [
    ["a property", { reported: { disk_size: 3 } }],
    ["tags that are no texts", { reported: { tags: { a: 1 } } }],
    ["a wish that is none of ours", { desired: { size: 3 } }],
    ["metadata that is the store's own", { metadata: { stale: false } }],
    ["all metadata", { metadata: null }],
    ["a mark that is no truth value", { desired: { clean: "yes" } }],
    ["a log that is none", { metadata: { event_log: "x" } }],
    ["nothing", {}],
  ] as const
) {
  Deno.test(`EmbeddedCore.patch(): refuses ${what}`, async () => {
    using store = await worldStore();
    const core = embeddedCore(store, { rule: "" });
    const patches = [
      { id: worldId("a-2"), desired: { clean: true } },
      { id: worldId("a-1"), ...patch },
    ];
    await assert.rejects(core.patch(patches, signal), CoreRejectedError);
    assert.deepEqual(await idsOf(core, "desired.clean == true"), []);
  });
}

Deno.test("EmbeddedCore.patch(): new tags are a change of the last run, and the cloud's at the next", async () => {
  using store = await worldStore();
  const core = embeddedCore(store, { rule: "" });
  const tagged = (tags: Record<string, string>) =>
    core.patch([{ id: worldId("a-1"), reported: { tags } }], signal);
  const history = () =>
    store.db.all<{ body: string }>("SELECT body FROM history ORDER BY until_run")
      .map(({ body }) => JSON.parse(body).tags);
  await tagged({ expiration: "1h" });
  assert.deepEqual(history(), [], "the run has only just found it");
  collectWorld(store, "r2");
  await tagged({ expiration: "2h" });
  await tagged({ expiration: "3h" });
  const node = (await nodesById(core, "reported.id == a-1")).get("a-1");
  assert.deepEqual(node?.reported["tags"], { expiration: "3h" });
  assert.equal(node?.metadata?.["expires"], "2030-01-01T03:00:00Z");
  assert.deepEqual(history(), [{ expiration: "1h" }]);
});

Deno.test("EmbeddedCore: what was cleaned up is so until somebody looks and still finds it", async () => {
  let now = WORLD_NOW;
  using store = await worldStore(":memory:", () => now);
  const core = embeddedCore(store, { rule: "" });
  await core.patch([{ id: worldId("a-1"), metadata: { cleaned: true } }], signal);
  assert.deepEqual(await idsOf(core, "metadata.cleaned == true"), ["a-1"]);
  now = new Date("2030-01-04T00:00:00Z");
  collectWorld(store, "r2");
  assert.deepEqual(await idsOf(core, "metadata.cleaned == true"), []);
});
