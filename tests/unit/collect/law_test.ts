import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { collectOnce } from "../../../lib/collect/mod.ts";
import { isConclusive, type Outcome, OUTCOMES } from "../../../lib/model/mod.ts";
import type { CollectContext } from "../../../lib/sdk/mod.ts";
import { collectRequest } from "../../support/collect_request.ts";
import { fakeEntry, fakeGuests } from "../../support/fake_guest.ts";

const ACCOUNTS = ["1", "2", "3"] as const;
const REGIONS = ["r1", "r2"] as const;
const KINDS = ["sky_disk", "sky_net"] as const;
const ENTRY = fakeEntry("sky", KINDS);

/** Things that exist, by scope: `account/region/kind` → id → value. */
type World = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What goes wrong in a scope: it ends like this after so many of its nodes. */
interface Fault {
  readonly outcome: Outcome;
  readonly listed: number;
}

/** One run: what exists, which accounts are listed, what is asked for and what goes wrong. */
interface Plan {
  readonly world: World;
  readonly listed: readonly string[];
  readonly complete: boolean;
  readonly regions: readonly string[];
  readonly faults: ReadonlyMap<string, Fault>;
  /** The guest dies after so many scopes. */
  readonly crashAfter: number | undefined;
}

const SCOPES = ACCOUNTS.flatMap((account) =>
  REGIONS.flatMap((region) => KINDS.map((kind) => ({ account, region, kind })))
);
const text = (scope: typeof SCOPES[number]) => `${scope.account}/${scope.region}/${scope.kind}`;

const world: fc.Arbitrary<World> = fc.tuple(
  ...SCOPES.map(() => fc.dictionary(fc.constantFrom("a", "b", "c"), fc.nat(3), { maxKeys: 3 })),
).map((contents) =>
  new Map(
    contents.map((ids, index) => {
      const scope = SCOPES[index];
      assert.ok(scope);
      return [text(scope), new Map(Object.entries(ids))];
    }),
  )
);

const ENDS = OUTCOMES.filter((o) => o !== "gone" && o !== "skipped" && o !== "unsupported");
const fault: fc.Arbitrary<Fault | undefined> = fc.option(
  fc.record({ outcome: fc.constantFrom(...ENDS), listed: fc.nat(3) }),
  { nil: undefined, freq: 2 },
);

/** A scope that ends conclusively was listed whole; one that does not may have been listed in part. */
const faults = fc.tuple(...SCOPES.map(() => fault)).map((list) =>
  new Map(
    list.flatMap((each, index): [string, Fault][] => {
      const scope = SCOPES[index];
      if (each === undefined || scope === undefined) return [];
      const listed = isConclusive(each.outcome) ? Number.POSITIVE_INFINITY : each.listed;
      return [[text(scope), { outcome: each.outcome, listed }]];
    }),
  )
);

const plan: fc.Arbitrary<Plan> = fc.record({
  world,
  listed: fc.subarray([...ACCOUNTS]),
  complete: fc.boolean(),
  regions: fc.subarray([...REGIONS], { minLength: 1 }),
  faults,
  crashAfter: fc.option(fc.nat(12), { nil: undefined, freq: 4 }),
});

const faultless = fc.record({
  world,
  listed: fc.constant([...ACCOUNTS]),
  complete: fc.constant(true),
  regions: fc.constant([...REGIONS]),
  faults: fc.constant(new Map<string, Fault>()),
  crashAfter: fc.constant(undefined),
});

async function guest(plan: Plan, context: CollectContext<unknown>): Promise<void> {
  context.accounts({
    complete: plan.complete,
    accounts: plan.listed.map((id) => ({ id })),
    unfiltered: plan.regions.length === REGIONS.length,
  });
  let done = 0;
  for (const scope of SCOPES) {
    if (!plan.listed.includes(scope.account) || !plan.regions.includes(scope.region)) continue;
    if (done++ === plan.crashAfter) throw new Error("the guest died");
    await collectScope(plan, scope, context);
  }
}

async function collectScope(
  plan: Plan,
  { account, region, kind }: typeof SCOPES[number],
  context: CollectContext<unknown>,
): Promise<void> {
  const writer = await context.open({
    account,
    region: { id: region, name: region },
    resource: kind,
  });
  const key = text({ account, region, kind });
  const end = plan.faults.get(key) ?? { outcome: "complete", listed: Number.POSITIVE_INFINITY };
  const nodes = [...plan.world.get(key) ?? []].slice(0, end.listed);
  for (const [id, value] of nodes) await writer.node({ kind, id, reported: { value } });
  await writer.close({ outcome: end.outcome, faults: [] });
}

/** What the store must hold, and which accounts the last complete list named. */
interface Model {
  readonly scopes: Map<string, Map<string, number>>;
  members: readonly string[];
}

/** What the store must hold after a plan, written down plainly. */
function apply({ scopes: model, ...known }: Model, plan: Plan): readonly string[] {
  let done = 0;
  let alive = true;
  for (const scope of SCOPES) {
    const key = text(scope);
    const kept = model.get(key) ?? new Map<string, number>();
    const isListed = plan.listed.includes(scope.account);
    if (!isListed && plan.complete && known.members.includes(scope.account)) {
      model.delete(key);
      continue;
    }
    if (!isListed || !plan.regions.includes(scope.region)) continue;
    if (alive && done++ === plan.crashAfter) alive = false;
    if (!alive) continue;
    const end = plan.faults.get(key);
    const seen = [...plan.world.get(key) ?? []].slice(0, end?.listed);
    const isWhole = end === undefined || isConclusive(end.outcome);
    model.set(key, new Map([...isWhole ? [] : kept, ...seen]));
  }
  return plan.complete ? plan.listed : known.members;
}

function stored(path: string): { nodes: string[]; stale: number } {
  using db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare(`SELECT p.account, p.region, k.name AS kind, n.id,
    json_extract(n.body, '$.value') AS value, (n.seen_run IS NOT NULL OR s.seen_run IS NOT s.run) AS stale
    FROM nodes n JOIN places p ON p.place = n.place JOIN kinds k ON k.kind = n.kind
    JOIN scopes s ON s.scope = n.scope WHERE k.name <> 'cloud'`).all();
  return {
    nodes: rows.map((r) => `${r["account"]}/${r["region"]}/${r["kind"]} ${r["id"]}=${r["value"]}`)
      .sort(),
    stale: rows.reduce((sum, row) => sum + Number(row["stale"]), 0),
  };
}

function expected(model: ReadonlyMap<string, ReadonlyMap<string, number>>): string[] {
  return [...model].flatMap(([key, ids]) => [...ids].map(([id, value]) => `${key} ${id}=${value}`))
    .sort();
}

async function runPlan(path: string, plan: Plan): Promise<number> {
  const ports = { startGuest: fakeGuests({ sky: (context) => guest(plan, context) }) };
  const summary = await collectOnce(collectRequest([ENTRY], path), ports);
  return summary.exitCode;
}

async function withStore(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/ckworker.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("law: what lies in a scope that is not conclusive is never removed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 2, maxLength: 4 }),
      (plans) =>
        withStore(async (path) => {
          const model: Model = { scopes: new Map(), members: [] };
          for (const each of plans) {
            await runPlan(path, each);
            model.members = apply(model, each);
            assert.deepEqual(stored(path).nodes, expected(model.scopes));
          }
        }),
    ),
    { numRuns: 60 },
  );
});

Deno.test("law: after a run without fault nothing stale survives", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { maxLength: 3 }),
      faultless,
      (plans, last) =>
        withStore(async (path) => {
          for (const each of plans) await runPlan(path, each);
          assert.equal(await runPlan(path, last), 0);
          const { nodes, stale } = stored(path);
          assert.deepEqual(nodes, expected(last.world));
          assert.equal(stale, 0);
        }),
    ),
    { numRuns: 40 },
  );
});

Deno.test("law: two runs with different accounts do not touch each other's data", async () => {
  await withStore(async (path) => {
    const things = new Map(SCOPES.map((scope) => [text(scope), new Map([["a", 1]])]));
    const base = {
      world: things,
      complete: false,
      regions: REGIONS,
      faults: new Map(),
      crashAfter: undefined,
    };
    await runPlan(path, { ...base, listed: ["1"] });
    await runPlan(path, { ...base, listed: ["2"] });
    const accounts = new Set(stored(path).nodes.map((node) => node.split("/")[0]));
    assert.deepEqual([...accounts].sort(), ["1", "2"]);
  });
});
