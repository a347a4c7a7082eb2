/** What a guest may do with the clouds that other plugins lend it, and with none. */
import assert from "node:assert/strict";
import { collectOnce, type RunSummary } from "../../../lib/collect/mod.ts";
import type { LentCloud } from "../../../lib/sdk/mod.ts";
import { collectRequest } from "../../support/collect_request.ts";
import { query, REGION, SEA, SKY, withStore } from "../../support/collect_sky.ts";
import { fakeEntry, fakeGuests, type GuestScript } from "../../support/fake_guest.ts";

const BORROWER = fakeEntry("file", []);
const LENT: readonly LentCloud[] = [SKY, SEA].map(({ manifest, model }) => ({
  cloud: manifest.clouds[0] ?? "",
  kinds: model.kinds,
}));

/** Runs a guest to which these clouds are lent; gives the summary and the ids of the store. */
async function borrow(
  lent: readonly LentCloud[],
  script: GuestScript,
): Promise<{ summary: RunSummary; ids: readonly string[]; coverage: readonly unknown[] }> {
  let found: Awaited<ReturnType<typeof borrow>> | undefined;
  await withStore(async (path) => {
    const request = collectRequest([BORROWER], path, {
      plugins: [{ entry: BORROWER, options: {}, seen: { env: {}, files: {} }, named: true, lent }],
      kinds: [BORROWER, SKY, SEA].flatMap(({ model }) => model.kinds),
    });
    const summary = await collectOnce(request, { startGuest: fakeGuests({ file: script }) });
    const ids = query(path, "SELECT id FROM nodes ORDER BY id").map(({ id }) => String(id));
    const coverage = query(path, "SELECT cloud FROM coverage").map(({ cloud }) => cloud);
    found = { summary, ids, coverage };
  });
  return found ?? assert.fail("nothing was collected");
}

/** Sends one node of a kind into a scope of a cloud. */
function node(cloud: string, kind: string): GuestScript {
  return async (context) => {
    const scope = await context.open({ cloud, account: "1", region: REGION, resource: "x" });
    await scope.node({ kind, id: "a", reported: {} });
    await scope.close();
  };
}

Deno.test("lent clouds: their kinds are taken, each for its own cloud", async () => {
  const { summary, ids } = await borrow(LENT, async (context, raw) => {
    await node("sky", "sky_disk")(context, raw);
    await node("sea", "sea_ship")(context, raw);
  });
  assert.deepEqual([summary.exitCode, ids], [0, ["a", "a", "sea", "sky"]]);
});

Deno.test("lent clouds: a kind of one is refused in the other, and so is the borrower's own", async () => {
  for (const [cloud, kind] of [["sea", "sky_disk"], ["sky", "file_account"]] as const) {
    const { summary } = await borrow(LENT, node(cloud, kind));
    const [fault] = summary.accounts.flatMap(({ faults }) => faults);
    assert.equal(fault?.code, "graph.unknown_kind");
    assert.equal(summary.exitCode, 3);
  }
});

Deno.test("lent clouds: a cloud that is not lent is refused whatever its kind", async () => {
  for (
    const [cloud, kind] of [["sea", "sea_ship"], ["sea", "sky_disk"], ["file", "sky_disk"]] as const
  ) {
    const { summary, ids } = await borrow(LENT.slice(0, 1), node(cloud, kind));
    assert.deepEqual(ids, []);
    assert.equal(summary.collectors[0]?.error?.code, "sandbox.protocol");
  }
});

Deno.test("lent clouds: a run in which a cloud has two sources does not begin", async () => {
  await withStore(async (path) => {
    const seen = { env: {}, files: {} };
    const borrower = { entry: BORROWER, options: {}, seen, named: true, lent: LENT };
    const sky = { entry: SKY, options: {}, seen, named: true };
    const request = collectRequest([BORROWER, SKY, SEA], path, { plugins: [sky, borrower] });
    await assert.rejects(collectOnce(request, { startGuest: () => assert.fail("it began") }), {
      message: "both sky and file would yield the cloud sky",
    });
  });
});

Deno.test("lent clouds: nobody listens to what is told of another's accounts", async () => {
  const told = (cloud: string): GuestScript => (context) => {
    context.accounts({ cloud, complete: true, unfiltered: true, accounts: [{ id: "1" }] });
    context.regions({ cloud, account: "1", notEnabled: [], whole: [] });
  };
  assert.deepEqual((await borrow(LENT.slice(0, 1), told("sea"))).coverage, []);
  assert.deepEqual((await borrow(LENT.slice(0, 1), told("sky"))).coverage, ["sky"]);
});
