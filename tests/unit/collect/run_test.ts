import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { collectOnce, type ProgressEvent } from "../../../lib/collect/mod.ts";
import { collectRequest } from "../../support/collect_request.ts";
import {
  disk,
  DISKS,
  disks,
  edgesOf,
  query,
  REGION,
  run,
  withStore,
} from "../../support/collect_sky.ts";
import { fakeEntry, fakeGuests, type GuestScript } from "../../support/fake_guest.ts";

Deno.test("collectOnce: a second run over the same things reports no change", async () => {
  await withStore(async (path) => {
    const first = await run(path, { sky: disks(["r1", "r2"]) });
    const second = await run(path, { sky: disks(["r1", "r2"]) });
    assert.deepEqual(first.kinds.map((k) => [k.kind, k.added]), [["cloud", 1], ["sky_disk", 2]]);
    assert.deepEqual(
      second.kinds.map((k) => [k.kind, k.nodes, k.added, k.changed, k.removed, k.stale]),
      [["cloud", 1, 0, 0, 0, 0], ["sky_disk", 2, 0, 0, 0, 0]],
    );
    assert.equal(second.graph.edges, 2);
  });
});

Deno.test("collectOnce: a plugin that crashes disturbs no other", async () => {
  await withStore(async (path) => {
    const sea: GuestScript = async (context) => {
      const scope = await context.open({ account: "9", region: REGION, resource: "sea_ship" });
      await scope.node({ kind: "sea_ship", id: "ship", reported: {} });
      throw new Error("sunk");
    };
    const summary = await run(path, { sky: disks(["r1"]), sea });
    assert.deepEqual(summary.collectors.map((c) => [c.name, c.status]), [
      ["sky", "collected"],
      ["sea", "failed"],
    ]);
    assert.deepEqual(
      query(path, "SELECT id FROM nodes ORDER BY id").map((row) => row["id"]),
      ["disk-r1", "sea", "sky"],
    );
    assert.equal(summary.exitCode, 1);
  });
});

Deno.test("collectOnce: an interrupted run keeps closed scopes, and --resume takes them over", async () => {
  await withStore(async (path) => {
    const interruption = new AbortController();
    const script: GuestScript = async (context, raw) => {
      await disks(["r1"])(context, raw);
      await context.open({ account: "1", region: { id: "r2", name: "r2" }, resource: "sky_disk" });
      interruption.abort("SIGTERM");
      throw new Error("stopped");
    };
    const broken = await run(path, { sky: script }, { signal: interruption.signal });
    assert.equal(broken.exitCode, 143);
    assert.deepEqual(broken.accounts[0]?.outcomes, { complete: 1, cancelled: 1 });
    const visited: string[] = [];
    const resumed = await run(path, { sky: disks(["r1", "r2"], visited) }, { resume: true });
    assert.deepEqual(visited, ["r2"]);
    assert.deepEqual(resumed.collectors.map((c) => c.error), [undefined]);
    assert.equal(resumed.exitCode, 0);
    assert.deepEqual(resumed.accounts[0]?.outcomes, { complete: 2 });
    assert.equal(resumed.graph.nodes, 3);
    assert.equal(resumed.graph.edges, 2);
  });
});

Deno.test("collectOnce: without --resume an interrupted run is repeated whole", async () => {
  await withStore(async (path) => {
    const interruption = new AbortController();
    interruption.abort("SIGINT");
    const broken = await run(path, { sky: disks(["r1"]) }, { signal: interruption.signal });
    assert.equal(broken.exitCode, 130);
    const visited: string[] = [];
    await run(path, { sky: disks(["r1"], visited) });
    assert.deepEqual(visited, ["r1"]);
  });
});

Deno.test("collectOnce: budgets learned by a plugin come back to it and to no other", async () => {
  await withStore(async (path) => {
    const budget = { key: "1/r1/disks", rate: 5, at: "2026-01-01T00:00:00.000Z" };
    const seen: Record<string, unknown> = {};
    const look = (name: string): GuestScript => (context) => {
      seen[name] = context.budgets;
    };
    await run(path, { sky: (context) => context.learned([budget]) });
    await run(path, { sky: look("sky"), sea: look("sea") });
    assert.deepEqual(seen, { sky: [budget], sea: [] });
  });
});

Deno.test("collectOnce: the key of hashed values belongs to the store", async () => {
  await withStore(async (path) => {
    const keys: string[] = [];
    const look: GuestScript = (context) => void keys.push(context.sensitive.key);
    await run(path, { sky: look });
    await run(path, { sky: look });
    await run(`${path}.other`, { sky: look });
    assert.match(keys[0] ?? "", /^[0-9a-f]{64}$/);
    assert.equal(keys[0], keys[1]);
    assert.notEqual(keys[0], keys[2]);
  });
});

Deno.test("collectOnce: figures of calls are added up and stored with the run", async () => {
  await withStore(async (path) => {
    const figure = {
      call: "disks:List",
      account: "1",
      region: "r1",
      count: 2,
      errors: 1,
      throttles: 1,
      retries: 1,
      totalMs: 10,
      maxMs: 7,
      waitedMs: 3,
    };
    const summary = await run(path, {
      sky: (context) => {
        context.stats([figure]);
        context.stats([{ ...figure, maxMs: 9 }]);
      },
    });
    const [call] = summary.calls;
    assert.deepEqual([call?.count, call?.throttles, call?.totalMs, call?.maxMs], [4, 2, 20, 9]);
    assert.equal(query(path, "SELECT count FROM calls")[0]?.["count"], 4);
  });
});

Deno.test("collectOnce: progress names cloud and account and says when it is finished", async () => {
  await withStore(async (path) => {
    const events: ProgressEvent[] = [];
    await run(path, {
      sky: (context) => {
        context.progress("1", 1, 2, "r1");
        context.progress("1", 2, 2);
      },
    }, { onProgress: (event) => events.push(event) });
    assert.deepEqual(events.map((e) => [e.cloud, e.account, e.done, e.label, e.finished]), [
      ["sky", "1", 1, "r1", false],
      ["sky", "1", 2, "", true],
    ]);
  });
});

Deno.test("collectOnce: kept nodes of a kind that the plugin no longer has stay, with their edges", async () => {
  await withStore(async (path) => {
    const before: GuestScript = async (context, raw) => {
      const nets = await context.open({ account: "1", region: REGION, resource: "sky_net" });
      await nets.node({ kind: "sky_net", id: "n", reported: {} });
      await nets.close();
      await disk(context, raw);
    };
    await run(path, { sky: before });
    const request = collectRequest([fakeEntry("sky", ["sky_disk"])], path, {
      dumpJson: path.slice(0, path.lastIndexOf("/")),
    });
    const after = await collectOnce(request, { startGuest: fakeGuests({ sky: disk }) });
    assert.equal(after.exitCode, 0);
    assert.deepEqual(after.kinds.map((k) => [k.kind, k.nodes, k.stale]), [
      ["cloud", 1, 0],
      ["sky_disk", 1, 0],
      ["sky_net", 1, 1],
    ]);
    assert.deepEqual(edgesOf(path), ["n d", "sky d", "sky n"]);
    const dump = await Deno.readTextFile(`${request.dumpJson}/graph.dump.json`);
    assert.equal(dump.includes("sky_net"), false);
    assert.equal(dump.trim().split("\n").length, 3 + 2);
  });
});

Deno.test("collectOnce: secrets in what a guest reports reach neither summary nor store", async () => {
  await withStore(async (path) => {
    const script: GuestScript = async (context) => {
      const scope = await context.open(DISKS);
      const message = "refused for hunter2secret";
      await scope.close({
        outcome: "denied",
        faults: [{ call: "c", code: "x", message, count: 1 }],
      });
      await context.open({ ...DISKS, resource: "sky_net" });
      throw new Error("no way in\n  with hunter2secret");
    };
    const redact = (text: string) => text.replaceAll("hunter2secret", "[secret]");
    const summary = await run(path, { sky: script }, { redact });
    assert.match(
      JSON.stringify(summary.accounts),
      /refused for \[secret\].*no way in with \[secret\]/,
    );
    assert.equal(JSON.stringify(summary).includes("hunter2"), false);
    const stored = query(path, "SELECT group_concat(faults) AS f FROM ledger")[0]?.["f"];
    assert.match(String(stored), /refused for \[secret\].*no way in with \[secret\]/s);
    const runs = JSON.stringify(query(path, "SELECT * FROM runs"));
    assert.equal(runs.includes("hunter2") || String(stored).includes("hunter2"), false);
  });
});

Deno.test("collectOnce: a store that is full ends the run, which --resume takes up", async () => {
  await withStore(async (path) => {
    const full: GuestScript = async (context) => {
      fillUp(path, true);
      await disks(["r1", "r2", "r3"])(context, { send: () => {} });
    };
    await assert.rejects(run(path, { sky: full }), { code: "store.full" });
    assert.deepEqual(query(path, "SELECT finished_at AS at FROM runs").map((r) => r["at"]), [null]);
    fillUp(path, false);
    const visited: string[] = [];
    const resumed = await run(path, { sky: disks(["r1", "r2"], visited) }, { resume: true });
    assert.deepEqual(visited, ["r2"]);
    assert.equal(resumed.exitCode, 0);
  });
});

/** Lets a store take two more scopes, the cloud's own among them; or as many as it likes. */
function fillUp(path: string, full: boolean): void {
  using db = new DatabaseSync(path);
  db.exec(
    full
      ? `CREATE TRIGGER full BEFORE INSERT ON ledger WHEN (SELECT count(*) FROM ledger) >= 2
         BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`
      : "DROP TRIGGER full",
  );
}

Deno.test("collectOnce: the whole list of one organisation says nothing about another's accounts", async () => {
  await withStore(async (path) => {
    const organisation =
      (source: string, accounts: readonly string[]): GuestScript => async (context) => {
        context.accounts({
          complete: true,
          source,
          accounts: accounts.map((id) => ({ id })),
          unfiltered: true,
        });
        for (const account of accounts) {
          const scope = await context.open({ account, region: REGION, resource: "sky_disk" });
          await scope.node({ kind: "sky_disk", id: `disk-${account}`, reported: {} });
          await scope.close();
        }
      };
    const disks = () =>
      query(path, "SELECT id FROM nodes WHERE id LIKE 'disk-%' ORDER BY id").map((row) =>
        row["id"]
      );
    await run(path, { sky: organisation("o-1", ["1", "2"]) });
    await run(path, { sky: organisation("o-2", ["3"]) });
    assert.deepEqual(disks(), ["disk-1", "disk-2", "disk-3"]);
    const last = await run(path, { sky: organisation("o-1", ["1"]) });
    assert.deepEqual(disks(), ["disk-1", "disk-3"]);
    assert.deepEqual(last.accounts.map((account) => [account.account, account.outcomes]), [
      ["1", { complete: 1 }],
      ["2", { gone: 1 }],
      ["3", { skipped: 1 }],
    ]);
  });
});
