import assert from "node:assert/strict";
import { knownGraphQuery } from "../../../lib/collect/mod.ts";
import { toldBody } from "../../../lib/collect/adoption/told_body.ts";
import { ToldReader } from "../../../lib/collect/adoption/told_node.ts";
import { createNodeIdentifier } from "../../../lib/graph/mod.ts";
import { KindIndex } from "../../../lib/model/mod.ts";
import { checkStore, openStore } from "../../../lib/store/mod.ts";
import {
  ACCOUNTS,
  collectSky,
  ENTRY,
  KINDS,
  REGIONS,
  type SkyPlan,
  uploadSky,
} from "../../support/core_sky.ts";
import { query, withStore } from "../../support/collect_sky.ts";
import { ModelCore } from "../../support/model_core.ts";

const DISKS = "1/r1/sky_disk";

function plan(values: Readonly<Record<string, Record<string, number>>>): SkyPlan {
  return {
    world: new Map(
      Object.entries(values).map(([name, ids]) => [name, new Map(Object.entries(ids))]),
    ),
    listed: [...ACCOUNTS],
    complete: true,
    skipped: [],
    filters: [],
    regions: REGIONS.map(({ name }) => name),
    kinds: [...KINDS],
    closed: [],
    faults: new Map(),
    crashAfter: undefined,
  };
}

const FULL = plan({
  [DISKS]: { a: 1, b: 2 },
  "1/r1/sky_net": { a: 3, b: 4 },
  "2/r1/sky_net": { a: 5 },
});
const DENIED: SkyPlan = {
  ...FULL,
  faults: new Map([[DISKS, { outcome: "denied", listed: 0 }]]),
};

/** A core that an earlier store has filled, and a new store. */
async function withCore(
  test: (core: ModelCore, path: string) => Promise<void>,
  before: SkyPlan = FULL,
): Promise<void> {
  const core = new ModelCore("ckcore");
  await withStore(async (path) => {
    const { run } = await collectSky(path, before, core, "auto");
    await uploadSky(path, run, core, "auto");
  });
  await withStore((path) => test(core, path));
}

Deno.test("adoption: a new store takes over what it was denied, with edges, and tells it again", async () => {
  await withCore(async (core, path) => {
    const before = core.contents();
    const edges = core.edges.map((edge) => JSON.stringify(edge)).sort();
    const summary = await collectSky(path, DENIED, core, "auto");
    assert.deepEqual(summary.adoption, [
      { cloud: "sky", nodes: 4, accounts: { "1": 4 }, unknownKinds: {} },
    ]);
    const upload = await uploadSky(path, summary.run, core, "auto");
    assert.deepEqual(upload.clouds, [{ cloud: "sky", level: "cloud", accounts: 0, regions: 0 }]);
    assert.deepEqual(core.contents(), before);
    const after = core.edges.map((edge) => JSON.stringify(edge)).sort();
    assert.deepEqual(after, edges.filter((edge) => !edge.includes('"delete"')));
    using store = await openStore({
      path,
      kinds: ENTRY.model.kinds,
      mode: "read",
      now: () => new Date(0),
    });
    assert.deepEqual(checkStore(store), []);
  });
});

Deno.test("adoption: adopted nodes are stale, and the next conclusive look decides about them", async () => {
  await withCore(async (core, path) => {
    await collectSky(path, DENIED, core, "auto");
    const sql = "SELECT id, stale FROM sky_disk UNION SELECT id, stale FROM sky_tag ORDER BY id";
    assert.deepEqual(query(path, sql).map((row) => ({ ...row })), [
      { id: "a-1-r1", stale: 1 },
      { id: "b-1-r1", stale: 1 },
    ]);
    await collectSky(
      path,
      { ...FULL, world: new Map([[DISKS, new Map([["b", 2]])]]) },
      core,
      "auto",
    );
    assert.deepEqual(query(path, sql).map((row) => ({ ...row })), [{ id: "b-1-r1", stale: 0 }]);
  });
});

Deno.test("adoption: what only an earlier look had not found stays until the next one", async () => {
  await withCore(async (core, path) => {
    const without = { ...FULL, world: new Map() };
    await collectSky(path, without, undefined, "auto");
    const before = core.contents();
    const { adoption, run } = await collectSky(path, DENIED, core, "auto");
    assert.equal(adoption?.[0]?.nodes, 4);
    await uploadSky(path, run, core, "auto");
    assert.deepEqual(core.contents(), before);
    const next = await collectSky(path, without, core, "auto");
    await uploadSky(path, next.run, core, "auto");
    assert.ok(!core.contents().some((text) => text.includes("sky_disk")));
  });
});

Deno.test("adoption: what another worker told the core between two runs stays", async () => {
  await withCore(async (core, path) => {
    const denied = async () => {
      const { run } = await collectSky(path, DENIED, core, "auto");
      await uploadSky(path, run, core, "auto");
    };
    await denied();
    await withStore(async (other) => {
      const more = { ...FULL, world: new Map([...FULL.world, [DISKS, new Map([["c", 7]])]]) };
      const { run } = await collectSky(other, more, core, "auto");
      await uploadSky(other, run, core, "auto");
    });
    assert.ok(core.contents().includes("1/r1/sky_disk c-1-r1=7"));
    await denied();
    assert.ok(core.contents().includes("1/r1/sky_disk c-1-r1=7"));
  });
});

Deno.test("adoption: a region that was closed when another worker filled it stays", async () => {
  await withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const closed = { ...FULL, closed: ["r1"] };
    const first = await collectSky(path, closed, core, "auto");
    await uploadSky(path, first.run, core, "auto");
    await withStore(async (other) => {
      const { run } = await collectSky(other, FULL, core, "auto");
      await uploadSky(other, run, core, "auto");
    });
    const before = core.contents();
    const second = await collectSky(path, closed, core, "auto");
    await uploadSky(path, second.run, core, "auto");
    assert.deepEqual(core.contents(), before);
  });
});

Deno.test("adoption: a core that cannot be read costs the region, and the next run tries again", async () => {
  await withCore(async (core, path) => {
    const before = core.contents();
    core.readsOnly = 5;
    const { adoption, run } = await collectSky(path, DENIED, core, "auto");
    assert.deepEqual(adoption, [
      { cloud: "sky", nodes: 0, unknownKinds: {}, error: "the answer breaks off" },
    ]);
    const upload = await uploadSky(path, run, core, "auto");
    assert.deepEqual(upload.clouds, [{ cloud: "sky", level: "region", accounts: 2, regions: 2 }]);
    assert.deepEqual(upload.leftOut, [
      { cloud: "sky", account: "1", region: "r1", reason: "not_whole", crossingEdges: 0 },
    ]);
    assert.deepEqual(core.contents(), before);
    core.readsOnly = Number.POSITIVE_INFINITY;
    const again = await collectSky(path, DENIED, core, "auto");
    assert.equal(again.adoption?.[0]?.nodes, 4);
    const third = await collectSky(path, DENIED, core, "auto");
    assert.equal(third.adoption?.[0]?.nodes, 0);
  });
});

Deno.test("adoption: protections and marks of the core come along, known flags stay", async () => {
  await withCore(async (core, path) => {
    for (const [id, node] of core.nodes) {
      if (node.kind !== "sky_disk") continue;
      core.nodes.set(id, { ...node, protected: true, marked: node.id.startsWith("a") });
    }
    const { run } = await collectSky(path, DENIED, core, "auto");
    const flags = query(path, "SELECT id, protected, marked FROM flags ORDER BY id");
    assert.deepEqual(flags.map((row) => ({ ...row })), [
      { id: "a-1-r1", protected: 1, marked: 1 },
      { id: "b-1-r1", protected: 1, marked: 0 },
    ]);
    await uploadSky(path, run, core, "auto");
    const disks = [...core.nodes.values()].filter(({ kind }) => kind === "sky_disk");
    assert.deepEqual(disks.map((node) => node.protected), [true, true]);
  });
});

Deno.test("adoption: a kind that no model knows is counted and cannot be told again", async () => {
  await withCore(async (core, path) => {
    for (const [id, node] of core.nodes) {
      if (node.kind === "sky_tag") core.nodes.set(id, { ...node, kind: "old_tag" });
    }
    const { adoption } = await collectSky(path, DENIED, core, "auto");
    assert.deepEqual(adoption?.[0]?.unknownKinds, { old_tag: 2 });
    assert.equal(adoption?.[0]?.nodes, 2);
  });
});

Deno.test("adoption: an account that a whole list does not name is not taken over", async () => {
  await withCore(async (core, path) => {
    const { adoption } = await collectSky(path, { ...DENIED, listed: ["1", "3"] }, core, "auto");
    assert.deepEqual(adoption?.[0]?.accounts, { "1": 4 });
  });
});

Deno.test("adoption: a suspended account is taken over, and goes once a whole list does not name it", async () => {
  await withCore(async (core, path) => {
    const without2 = { ...FULL, listed: ["1", "3"] };
    const { run } = await collectSky(path, { ...without2, skipped: ["2"] }, core, "auto");
    await uploadSky(path, run, core, "auto");
    assert.ok(core.contents().some((text) => text.startsWith("2/")));
    const { run: second } = await collectSky(path, without2, core, "auto");
    await uploadSky(path, second, core, "auto");
    assert.ok(!core.contents().some((text) => text.startsWith("2/")));
  });
});

Deno.test("adoption: a region that is not enabled was not looked at", async () => {
  await withCore(async (core, path) => {
    const before = core.contents();
    const { run } = await collectSky(path, { ...FULL, closed: ["r1"] }, core, "auto");
    const { clouds } = await uploadSky(path, run, core, "auto");
    assert.equal(clouds[0]?.level, "cloud");
    assert.deepEqual(core.contents(), before);
  });
});

Deno.test("adoption: what mirrors a core follows it while a kind filter is set", async () => {
  await withCore(async (core, path) => {
    const disksOnly: SkyPlan = { ...FULL, filters: ["kinds"], kinds: ["sky_disk"] };
    await collectSky(path, disksOnly, core, "auto");
    const nets = "SELECT id FROM sky_net ORDER BY id";
    const ids = () => query(path, nets).map((row) => row["id"]);
    assert.deepEqual(ids(), ["a-1-r1", "a-2-r1", "b-1-r1"]);
    for (const [id, node] of core.nodes) if (node.id === "a-2-r1") core.nodes.delete(id);
    core.edges = core.edges.filter(({ from, to }) => core.nodes.has(from) && core.nodes.has(to));
    await collectSky(path, disksOnly, core, "auto");
    assert.deepEqual(ids(), ["a-1-r1", "b-1-r1"]);
    assert.deepEqual(
      query(path, "SELECT * FROM edges WHERE to_key NOT IN (SELECT key FROM nodes)"),
      [],
    );
  });
});

Deno.test("adoption: nothing of a core is asked for in a run that looked at everything", async () => {
  await withCore(async (core, path) => {
    core.readsOnly = 0;
    assert.equal((await collectSky(path, FULL, core, "auto")).adoption, undefined);
  });
});

Deno.test("ToldReader: takes place, id and name of a node as they are at the core", async () => {
  const kinds = new KindIndex(ENTRY.model.kinds);
  const reader = new ToldReader(kinds, await createNodeIdentifier());
  const at = (id: unknown, name?: string) => ({ reported: { id, name } });
  const read = (reported: Record<string, unknown>, ancestors = {}) =>
    reader.read({ type: "node", id: "x", reported, ancestors }, "sky");
  const disk = read(
    { kind: "sky_disk", id: 42, name: "n", value: 1 },
    { cloud: at("sky"), account: at("1", "one"), region: at("r1", "Region"), zone: at("z1") },
  );
  assert.ok("coreId" in disk);
  const { account, region, regionName, zone, id, extras, resource } = disk;
  assert.deepEqual(
    [account, region, regionName, zone, id, extras, resource],
    ["1", "r1", "Region", "z1", "42", { z: "z1" }, "sky_disk"],
  );
  const own = read({ kind: "sky_region", id: "r1", name: "global" }, { account: at("1") });
  assert.ok("coreId" in own);
  assert.deepEqual([own.region, own.regionName, own.twin], ["r1", "global", "global"]);
  const tag = read({ kind: "sky_tag", id: "t" });
  assert.ok("coreId" in tag);
  assert.deepEqual([tag.account, tag.regionName, tag.resource], [
    "undefined",
    "undefined",
    "sky_disk",
  ]);
  for (
    const reported of [{ kind: "nope", id: "1" }, { kind: "sky_disk" }, {
      kind: "sky_disk",
      id: "a\u0000",
    }]
  ) {
    assert.ok("unknownKind" in read(reported), JSON.stringify(reported));
  }
});

Deno.test("toldBody: keeps what the model declares and what fits, nested too", () => {
  const kinds = new KindIndex([
    {
      name: "x_part",
      bases: [],
      nested: true,
      properties: [{ name: "size", type: "int64" }, { name: "label", type: "string" }],
    },
    {
      name: "x_thing",
      bases: ["resource"],
      properties: [
        { name: "parts", type: "x_part[]" },
        { name: "limits", type: "dictionary[string, double]" },
        { name: "free", type: "any" },
        { name: "on", type: "boolean" },
      ],
    },
  ]);
  const body = toldBody(kinds, "x_thing", {
    kind: "x_thing",
    id: "1",
    name: "n",
    age: "2d",
    last_update: "1h",
    ctime: "2020-01-01T00:00:00Z",
    mtime: null,
    tags: { a: "b", c: 1 },
    parts: [{ size: 1, label: "l", other: 2 }, { size: "big" }, 7],
    limits: { a: 1.5, b: "x" },
    free: { anything: [1] },
    on: "yes",
    constructor: "c",
    undeclared: 1,
  });
  assert.deepEqual(body, {
    tags: { a: "b" },
    ctime: "2020-01-01T00:00:00Z",
    parts: [{ size: 1, label: "l" }, {}],
    limits: { a: 1.5 },
    free: { anything: [1] },
  });
});

Deno.test("knownGraphQuery: speaks the dialect, and quotes the name of a cloud", () => {
  assert.equal(knownGraphQuery("ckcore", "aws"), 'is(cloud) and reported.id == "aws" -[0:]->');
  assert.equal(
    knownGraphQuery("fixcore", 'a"b'),
    'is(cloud) and /reported.id == "a\\"b" -default[0:]->',
  );
});
