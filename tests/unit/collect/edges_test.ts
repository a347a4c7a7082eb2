import assert from "node:assert/strict";
import { disk, DISKS, edgesOf, query, REGION, run, withStore } from "../../support/collect_sky.ts";
import type { GuestScript } from "../../support/fake_guest.ts";

Deno.test("collectOnce: an edge declared before its target arrives is made, also over scopes", async () => {
  await withStore(async (path) => {
    const script: GuestScript = async (context) => {
      const disks = await context.open({ account: "1", region: REGION, resource: "sky_disk" });
      await disks.node({
        kind: "sky_disk",
        id: "d",
        reported: {},
        edges: [{ direction: "from", kind: "sky_net", by: "id", value: "n" }],
      });
      await disks.close();
      const nets = await context.open({ account: "1", region: REGION, resource: "sky_net" });
      await nets.node({ kind: "sky_net", id: "n", reported: {} });
      await nets.close();
    };
    await run(path, { sky: script });
    const edges = query(
      path,
      `SELECT a.id AS f, b.id AS t FROM edges e JOIN nodes a ON a.key = e.from_key
       JOIN nodes b ON b.key = e.to_key WHERE a.id = 'n'`,
    );
    assert.deepEqual(edges.map((e) => [e["f"], e["t"]]), [["n", "d"]]);
  });
});

Deno.test("collectOnce: an edge to a kept node of a scope that failed now stays", async () => {
  await withStore(async (path) => {
    const script = (denied: boolean): GuestScript => async (context) => {
      const nets = await context.open({ account: "1", region: REGION, resource: "sky_net" });
      if (!denied) await nets.node({ kind: "sky_net", id: "n", reported: {} });
      await nets.close({ outcome: denied ? "denied" : "complete" });
      const disks = await context.open({ account: "1", region: REGION, resource: "sky_disk" });
      await disks.node({
        kind: "sky_disk",
        id: "d",
        reported: {},
        edges: [{ direction: "from", kind: "sky_net", by: "id", value: "n" }],
      });
      await disks.close();
    };
    const whole = await run(path, { sky: script(false) });
    const denied = await run(path, { sky: script(true) });
    assert.equal(denied.graph.edges, whole.graph.edges);
    assert.equal(denied.exitCode, 3);
    assert.deepEqual(denied.kinds.map((k) => [k.kind, k.stale]), [
      ["cloud", 0],
      ["sky_disk", 0],
      ["sky_net", 1],
    ]);
  });
});

Deno.test("collectOnce: an edge between clouds stays when only one of them is collected", async () => {
  await withStore(async (path) => {
    const sea: GuestScript = async (context) => {
      const ships = await context.open({ account: "9", region: REGION, resource: "sea_ship" });
      await ships.node({
        kind: "sea_ship",
        id: "ship",
        reported: {},
        edges: [{ direction: "from", kind: "sky_disk", by: "id", value: "d" }],
      });
      await ships.close();
    };
    await run(path, { sky: disk, sea });
    const both = edgesOf(path);
    assert.ok(both.includes("d ship"), both.join());
    await run(path, { sea });
    assert.deepEqual(edgesOf(path), both);
    await run(path, { sky: disk });
    assert.deepEqual(edgesOf(path), both);
    await run(path, { sky: (context) => context.open(DISKS).then((scope) => scope.close()) });
    assert.deepEqual(edgesOf(path), ["sea ship"]);
  });
});

Deno.test("collectOnce: a call that failed costs neither the edges nor the name it gave before", async () => {
  await withStore(async (path) => {
    const script = (denied: boolean): GuestScript => async (context) => {
      const scope = await context.open({ account: "1", region: REGION, resource: "sky_disk" });
      await scope.node({ kind: "sky_net", id: "n", reported: {} });
      await scope.node({ kind: "sky_net", id: "m", reported: {} });
      await scope.node({
        kind: "sky_disk",
        id: "d",
        name: denied ? "d" : "data",
        reported: { value: 1 },
        edges: [{ direction: "from", kind: "sky_net", by: "id", value: denied ? "m" : "n" }],
        ...(denied ? { keep: ["$edges", "name"] } : {}),
      });
      await scope.close({ outcome: denied ? "partial" : "complete" });
    };
    await run(path, { sky: script(false) });
    const before = query(path, "SELECT name, node_id FROM nodes WHERE id = 'd'");
    const summary = await run(path, { sky: script(true) });
    assert.deepEqual(query(path, "SELECT name, node_id FROM nodes WHERE id = 'd'"), before);
    const parents = query(
      path,
      `SELECT a.id FROM edges e JOIN nodes a ON a.key = e.from_key
       JOIN nodes b ON b.key = e.to_key WHERE b.id = 'd' ORDER BY a.id`,
    );
    assert.deepEqual(parents.map((row) => row["id"]), ["m", "n", "sky"]);
    assert.deepEqual(summary.kinds.map((k) => [k.kind, k.changed]), [
      ["cloud", 0],
      ["sky_disk", 1],
      ["sky_net", 0],
    ]);
    const again = await run(path, { sky: script(true) });
    assert.deepEqual(again.kinds.map((k) => k.changed), [0, 0, 0]);
  });
});
