import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { collectOnce, type RunSummary } from "../../../lib/collect/mod.ts";
import { collectRequest } from "../../support/collect_request.ts";
import { fakeEntry, fakeGuests, type GuestScript } from "../../support/fake_guest.ts";

const ENTRY = fakeEntry("sky", ["sky_disk", "sky_net"]);
const REGION = { id: "r1", name: "r1" };

/** Runs a script as the guest of `sky` and returns the summary and the ids that the store holds. */
async function collect(script: GuestScript): Promise<{ summary: RunSummary; ids: string[] }> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/ckworker.db`;
  try {
    const summary = await collectOnce(collectRequest([ENTRY], path), {
      startGuest: fakeGuests({ sky: script }),
    });
    using db = new DatabaseSync(path, { readOnly: true });
    const ids = db.prepare("SELECT id FROM nodes ORDER BY id").all().map((row) =>
      String(row["id"])
    );
    return { summary, ids };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A script that opens one good scope and one in which `lie` sends what it likes. */
function besideGood(lie: (send: (text: string) => void) => void): GuestScript {
  return async (context, raw) => {
    context.accounts({ complete: true, accounts: [{ id: "1" }], unfiltered: true });
    const good = await context.open({ account: "1", region: REGION, resource: "sky_disk" });
    await good.node({ kind: "sky_disk", id: "good", reported: {} });
    raw.send('["o",77,"sky","1","r1","r1","sky_net"]\n');
    lie(raw.send);
    raw.send('["c",77,"complete",[]]\n');
    await good.close();
  };
}

function fault(summary: RunSummary) {
  return summary.accounts.flatMap((account) => account.faults)[0];
}

for (
  const [name, line, code] of [
    ["a kind that is not in its model", '["n",77,"aws_vpc","x","x",{}]\t{}', "graph.unknown_kind"],
    ["a base kind", '["n",77,"instance","x","x",{}]\t{}', "graph.unknown_kind"],
    ["the node of its cloud", '["n",77,"cloud","sky","sky",{}]\t{}', "graph.unknown_kind"],
    ["another account", '["n",77,"sky_account","2","2",{}]\t{}', "graph.foreign_node"],
    ["another region", '["n",77,"sky_region","r9","r9",{}]\t{}', "graph.foreign_node"],
    ["a body that is no JSON", '["n",77,"sky_net","x","x",{}]\t{"a":}', "graph.mapping"],
    ["a body that sets its own id", '["n",77,"sky_net","x","x",{}]\t{"id":"y"}', "graph.mapping"],
    [
      "a body that sets its own kind",
      '["n",77,"sky_net","x","x",{}]\t{"kind":"y"}',
      "graph.mapping",
    ],
  ] as const
) {
  Deno.test(`intake: ${name} is refused and fails its scope alone`, async () => {
    const { summary, ids } = await collect(besideGood((send) => send(`${line}\n`)));
    assert.deepEqual(ids, ["good", "sky"]);
    assert.equal(fault(summary)?.code, code);
    assert.deepEqual(summary.accounts[0]?.outcomes, { complete: 1, failed: 1 });
    assert.equal(summary.exitCode, 3);
  });
}

for (
  const [name, line] of [
    ["a line of a scope that is not open", '["n",5,"sky_net","x","x",{}]\t{}'],
    ["a scope of another cloud", '["o",78,"aws","1","r1","r1","aws_vpc"]'],
    ["a scope opened twice", '["o",79,"sky","1","r1","r1","sky_disk"]'],
    ["garbage", "\u0000\u0001 what"],
    ["a header that is no array", '{"n":1}'],
    ["an unknown extra", '["n",77,"sky_net","x","x",{"replace":true}]\t{}'],
    ["a prototype as extra", '["n",77,"sky_net","x","x",{"__proto__":{"z":"a"}}]\t{}'],
    ["an unknown outcome", '["c",77,"wonderful",[]]'],
  ] as const
) {
  Deno.test(`intake: ${name} fails the guest and costs its open scopes`, async () => {
    const { summary, ids } = await collect(besideGood((send) => send(`${line}\n`)));
    assert.deepEqual(ids, ["sky"]);
    assert.equal(summary.collectors[0]?.status, "failed");
    assert.equal(summary.exitCode, 1);
  });
}

Deno.test("intake: an edge to a node of nobody is counted, not made", async () => {
  const { summary } = await collect(async (context) => {
    const scope = await context.open({ account: "1", region: REGION, resource: "sky_disk" });
    await scope.node({
      kind: "sky_disk",
      id: "a",
      reported: {},
      edges: [{ direction: "from", kind: "sky_net", by: "id", value: "nowhere" }],
    });
    await scope.close();
  });
  assert.equal(summary.graph.unresolved, 1);
});

Deno.test("intake: scopes left open by a guest that says it is done are failed", async () => {
  const { summary } = await collect(async (context) => {
    await context.open({ account: "1", region: REGION, resource: "sky_disk" });
  });
  assert.deepEqual(summary.accounts[0]?.outcomes, { failed: 1 });
  assert.equal(summary.collectors[0]?.error?.code, "sandbox.protocol");
});

Deno.test("intake: a node given twice with different content is one node and reported", async () => {
  const { summary, ids } = await collect(async (context) => {
    const scope = await context.open({ account: "1", region: REGION, resource: "sky_disk" });
    await scope.node({ kind: "sky_disk", id: "a", reported: { value: 1 } });
    await scope.node({ kind: "sky_disk", id: "a", reported: { value: 2 } });
    await scope.close();
  });
  assert.deepEqual(ids, ["a", "sky"]);
  assert.equal(summary.graph.duplicates.length, 1);
});

Deno.test("intake: nothing could be looked at, so no empty cloud appears", async () => {
  const { ids } = await collect(() => Promise.reject(new Error("no credentials")));
  assert.deepEqual(ids, []);
});
