import assert from "node:assert/strict";
import fc from "fast-check";
import { collectOnce } from "../../../lib/collect/mod.ts";
import type { NodeInput } from "../../../lib/sdk/mod.ts";
import { collectRequest } from "../../support/collect_request.ts";
import { uploadProblems } from "../../support/fake_core.ts";
import { fakeEntry, fakeGuests, type GuestScript } from "../../support/fake_guest.ts";

const ENTRY = fakeEntry("sky", ["sky_disk", "sky_net"]);
const KINDS = ["sky_account", "sky_region", "sky_disk", "sky_net"] as const;
const IDS = ["1", "2", "r1", "r2"] as const;

/** One scope of a run: what it yields and how it ends. */
interface Look {
  readonly account: string;
  readonly region: string | undefined;
  readonly nodes: readonly NodeInput[];
  readonly outcome: "complete" | "partial" | "denied" | "failed";
}

const reference = fc.record({
  direction: fc.constantFrom("from" as const, "to" as const),
  kind: fc.constantFrom(...KINDS),
  by: fc.constant("id"),
  value: fc.constantFrom(...IDS),
  type: fc.constantFrom("dependency" as const, "delete" as const),
});

const node: fc.Arbitrary<NodeInput> = fc.record({
  kind: fc.constantFrom("sky_disk", "sky_net"),
  id: fc.constantFrom(...IDS),
  reported: fc.constant({}),
  orphan: fc.boolean(),
  edges: fc.array(reference, { maxLength: 3 }),
});

const look: fc.Arbitrary<Look> = fc.record({
  account: fc.constantFrom("1", "2"),
  region: fc.constantFrom(undefined, "r1", "r2"),
  nodes: fc.array(node, { maxLength: 4 }),
  outcome: fc.constantFrom("complete", "partial", "denied", "failed"),
});

/** A run: its scopes, and which accounts and regions get a node of their own. */
const plan = fc.record({
  looks: fc.uniqueArray(look, {
    maxLength: 5,
    selector: ({ account, region }) => account + region,
  }),
  places: fc.subarray(["1", "2", "1/r1", "1/r2", "2/r1"]),
});

function script({ looks, places }: { looks: readonly Look[]; places: string[] }): GuestScript {
  return async (context) => {
    const accounts = ["1", "2"].map((id) => ({ id }));
    context.accounts({ complete: true, accounts, unfiltered: true });
    for (const account of ["1", "2"]) {
      const scope = await context.open({ account, resource: "places" });
      for (const place of places.filter((each) => each.startsWith(account))) {
        const region = place.split("/")[1];
        await scope.node(
          region === undefined
            ? { kind: "sky_account", id: account, reported: {} }
            : { kind: "sky_region", id: region, reported: {} },
        );
      }
      await scope.close();
    }
    for (const { account, region, nodes, outcome } of looks) {
      const where = region === undefined ? {} : { region: { id: region, name: region } };
      const scope = await context.open({ account, ...where, resource: "things" });
      for (const each of nodes) await scope.node(each);
      await scope.close({ outcome });
    }
  };
}

Deno.test("collectOnce: whatever runs brought, the dump keeps the rules of an upload", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 3 }), async (plans) => {
      const folder = await Deno.makeTempDir();
      try {
        for (const each of plans) {
          const request = collectRequest([ENTRY], `${folder}/s.db`, { dumpJson: folder });
          await collectOnce(request, { startGuest: fakeGuests({ sky: script(each) }) });
          const model = await Deno.readTextFile(`${folder}/model.dump.json`);
          const dump = await Deno.readTextFile(`${folder}/graph.dump.json`);
          // A run with nothing to tell leaves the root alone, which is no upload.
          if (dump.trimEnd().includes("\n")) assert.deepEqual(uploadProblems(model, dump), []);
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("collectOnce: a dump that cannot be written is told before anything is collected", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const request = collectRequest([ENTRY], `${folder}/s.db`, { dumpJson: `${folder}/none` });
    await assert.rejects(collectOnce(request, { startGuest: fakeGuests({}) }), /model\.dump\.json/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
