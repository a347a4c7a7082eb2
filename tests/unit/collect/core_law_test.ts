import assert from "node:assert/strict";
import fc from "fast-check";
import type { ReplaceLimit } from "../../../lib/collect/mod.ts";
import { isConclusive, OUTCOMES } from "../../../lib/model/mod.ts";
import type { CollectFilter } from "../../../lib/sdk/mod.ts";
import {
  ACCOUNTS,
  collectSky,
  contentOf,
  type Fault,
  KINDS,
  openedBy,
  REGIONS,
  scopeName,
  SCOPES,
  type SkyPlan,
  type SkyScope,
  uploadSky,
  type World,
} from "../../support/core_sky.ts";
import { ModelCore } from "../../support/model_core.ts";

/** One run of one worker, and how its core is at that time. */
interface Step {
  readonly plan: SkyPlan;
  readonly worker: 0 | 1;
  /** The worker has lost its store. */
  readonly newStore: boolean;
  readonly replace: ReplaceLimit;
  readonly readsOnly: number;
  readonly isDown: boolean;
}

const world: fc.Arbitrary<World> = fc.tuple(
  ...SCOPES.map(() => fc.tuple(fc.subarray(["a", "b"]), fc.nat(1))),
).map((contents) =>
  new Map(SCOPES.map((scope, index) => {
    const [ids, value] = contents[index] ?? [[], 0];
    return [scopeName(scope), new Map(ids.map((id) => [id, value]))];
  }))
);

/** A value once in so many times, else the usual one. */
function rarely<T, Usual>(value: fc.Arbitrary<T>, times: number, usual: Usual) {
  return fc.oneof(
    { arbitrary: fc.constant(usual), weight: times - 1 },
    { arbitrary: value, weight: 1 },
  );
}

const ENDS = OUTCOMES.filter((o) => o !== "gone" && o !== "skipped" && o !== "unsupported");
const fault = fc.record({ outcome: fc.constantFrom(...ENDS), listed: fc.nat(2) });
const faults = fc.oneof(
  fc.constant([]),
  fc.tuple(...SCOPES.map(() => rarely(fault, 8, undefined))),
).map((list) =>
  new Map(list.flatMap((each, index): [string, Fault][] => {
    const scope = SCOPES[index];
    if (each === undefined || scope === undefined) return [];
    // Accounts and regions are known by name before anything in them is asked for.
    const isPlace = !KINDS.some((kind) => kind === scope.kind);
    const isWhole = isPlace || isConclusive(each.outcome);
    const listed = isWhole ? Number.POSITIVE_INFINITY : each.listed;
    return [[scopeName(scope), { outcome: each.outcome, listed }]];
  }))
);

const regionNames = REGIONS.map(({ name }) => name);

const plan: fc.Arbitrary<SkyPlan> = fc.record({
  world,
  listed: fc.oneof(fc.constant([...ACCOUNTS]), fc.subarray([...ACCOUNTS])),
  complete: fc.constantFrom(true, true, false),
  skips: fc.boolean(),
  filters: fc.oneof(
    fc.constant<CollectFilter[]>([]),
    fc.constant<CollectFilter[]>([]),
    fc.subarray<CollectFilter>(["accounts", "regions", "kinds"]),
  ),
  regions: fc.subarray(regionNames, { minLength: 1 }),
  kinds: fc.subarray([...KINDS]),
  closed: fc.oneof(fc.constant([]), fc.subarray(regionNames, { maxLength: 1 })),
  faults,
  crashAfter: rarely(fc.nat(30), 6, undefined),
}).map(({ skips, ...rest }) => {
  const unlisted = ACCOUNTS.filter((id) => !rest.listed.includes(id));
  // A complete list names all that is there; what a filter leaves out is skipped.
  const isAccountFiltered = rest.filters.includes("accounts");
  return {
    ...rest,
    skipped: skips || isAccountFiltered ? unlisted : [],
    regions: rest.filters.includes("regions") ? rest.regions : regionNames,
    kinds: rest.filters.includes("kinds") ? rest.kinds : [...KINDS],
  };
});

function faultless(listed: readonly string[]): fc.Arbitrary<SkyPlan> {
  return world.map((world) => ({
    world,
    listed,
    complete: true,
    skipped: [],
    filters: [],
    regions: regionNames,
    kinds: [...KINDS],
    closed: [],
    faults: new Map(),
    crashAfter: undefined,
  }));
}

const step: fc.Arbitrary<Step> = fc.record({
  plan,
  worker: fc.constantFrom(0, 0, 1),
  newStore: fc.boolean(),
  replace: fc.constantFrom("auto", "auto", "account", "region"),
  readsOnly: rarely(fc.nat(30), 4, Number.POSITIVE_INFINITY),
  isDown: rarely(fc.constant(true), 6, false),
});

/** What a worker's store has proven, in plain words. */
interface Knowledge {
  /** Scopes that ended conclusively at least once. */
  readonly good: Set<string>;
  /** Nodes that the last conclusive look and all looks since found. */
  readonly seen: Map<string, Set<string>>;
  /** Accounts that are gone as of the last run. */
  gone: ReadonlySet<string>;
  members: ReadonlySet<string>;
}

/**
 * How two workers share a core: not at all, each a kind of its own, or accounts of their own, which
 * they tell by `--replace account`.
 */
type Sharing = "alone" | "kinds" | "accounts";

function shared(sharing: Sharing, step: Step): Step {
  if (sharing === "alone") return { ...step, worker: 0 };
  const { plan, worker } = step;
  if (sharing === "kinds") {
    const filters = [...new Set([...plan.filters, "kinds" as const])];
    return { ...step, plan: { ...plan, filters, kinds: [worker === 0 ? "sky_disk" : "sky_net"] } };
  }
  const own = (ids: readonly string[]) => ids.filter((id) => (id === "3") === (worker === 1));
  const replace = step.replace === "auto" ? "account" : step.replace;
  return {
    ...step,
    replace,
    plan: { ...plan, listed: own(plan.listed), skipped: own(plan.skipped) },
  };
}

const steps = (minLength: number, maxLength: number): fc.Arbitrary<Step[]> =>
  fc.tuple(
    fc.constantFrom<Sharing>("alone", "kinds", "accounts"),
    fc.array(step, { minLength, maxLength }),
  ).map(([sharing, list]) => list.map((each) => shared(sharing, each)));

function learn(known: Knowledge, plan: SkyPlan): void {
  for (const scope of openedBy(plan)) {
    const name = scopeName(scope);
    const fault = plan.faults.get(name);
    const isGood = isConclusive(fault?.outcome ?? "complete");
    if (isGood) known.good.add(name);
    const before = isGood ? [] : known.seen.get(name) ?? [];
    const now = contentOf(plan.world, scope).slice(0, fault?.listed)
      .map(({ kind, id }) => `${kind} ${id}`);
    known.seen.set(name, new Set([...before, ...now]));
  }
  const told = new Set([...plan.listed, ...plan.skipped]);
  const isAll = plan.complete && plan.filters.length === 0;
  known.gone = new Set(
    ACCOUNTS.filter((id) => plan.complete && !told.has(id) && (isAll || known.members.has(id))),
  );
  for (const account of known.gone) {
    for (const scope of SCOPES.filter((each) => each.account === account)) {
      known.good.add(scopeName(scope));
      known.seen.delete(scopeName(scope));
    }
  }
  if (plan.complete) known.members = told;
}

/** Scope of a node at the core, and its name in there. */
function locate(text: string): { readonly scope: SkyScope; readonly node: string } {
  const [place = "", rest = ""] = text.split(" ");
  const [account = "", region = "", kind = ""] = place.split("/");
  const listing = kind === "sky_tag" ? "sky_disk" : kind;
  return { scope: { account, region, kind: listing }, node: `${kind} ${rest.split("=")[0]}` };
}

class Workshop implements AsyncDisposable {
  readonly core: ModelCore;
  readonly #folder = Deno.makeTempDirSync();
  readonly #known = [fresh(), fresh()];
  #stores = 0;
  readonly #paths = [this.#newPath(), this.#newPath()];

  constructor(dialect: "ckcore" | "fixcore") {
    this.core = new ModelCore(dialect);
  }

  async run({ plan, worker, newStore, replace, readsOnly, isDown }: Step): Promise<void> {
    if (newStore) {
      this.#paths[worker] = this.#newPath();
      this.#known[worker] = fresh();
    }
    const path = this.#paths[worker] ?? "";
    const known = this.#known[worker] ?? fresh();
    const before = this.#contents();
    Object.assign(this.core, { readsOnly, isDown });
    const summary = await collectSky(path, plan, this.core, replace);
    learn(known, plan);
    await uploadSky(path, summary.run, this.core, replace);
    assert.deepEqual(this.core.problems, []);
    const after = this.#contents();
    for (const node of before) if (!after.has(node)) assertMayGo(node, known);
  }

  /** Without values, which may change. */
  #contents(): Set<string> {
    return new Set(
      this.core.contents().filter((text) => text.includes("/sky_"))
        .map((text) => text.split("=")[0] ?? ""),
    );
  }

  #newPath(): string {
    return `${this.#folder}/${this.#stores++}.db`;
  }

  async [Symbol.asyncDispose]() {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function fresh(): Knowledge {
  return { good: new Set(), seen: new Map(), gone: new Set(), members: new Set() };
}

function assertMayGo(text: string, known: Knowledge): void {
  const { scope, node } = locate(text);
  if (known.gone.has(scope.account)) return;
  const name = scopeName(scope);
  assert.ok(known.good.has(name), `${text} went, and nobody had ever looked at ${name}`);
  assert.ok(!known.seen.get(name)?.has(node), `${text} went, although it had been seen`);
}

function expected(plan: SkyPlan): string[] {
  const scopes = SCOPES.filter(({ account }) => plan.listed.includes(account));
  const nodes = scopes.flatMap((scope) =>
    contentOf(plan.world, scope).map(({ kind, id, value }) =>
      `${scope.account}/${scope.region}/${kind} ${id}=${value}`
    )
  );
  return ["//cloud sky=undefined", "//graph_root root=undefined", ...nodes].sort();
}

const CLEAN = {
  newStore: false,
  replace: "auto",
  readsOnly: Number.POSITIVE_INFINITY,
  isDown: false,
} as const;

for (const dialect of ["ckcore", "fixcore"] as const) {
  Deno.test(`law at the core: what was not looked at is never removed (${dialect})`, async () => {
    await fc.assert(
      fc.asyncProperty(steps(2, 5), async (steps) => {
        await using workshop = new Workshop(dialect);
        for (const each of steps) await workshop.run(each);
      }),
      { numRuns: 50 },
    );
  });

  Deno.test(`law at the core: without fault and filter nothing stale survives (${dialect})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        steps(0, 3),
        faultless(ACCOUNTS),
        fc.subarray([...ACCOUNTS], { minLength: 1 }).chain(faultless),
        fc.boolean(),
        async (steps, all, some, newStore) => {
          await using workshop = new Workshop(dialect);
          for (const each of steps) await workshop.run(each);
          await workshop.run({ ...CLEAN, plan: all, worker: 0 });
          assert.deepEqual(workshop.core.contents(), expected(all));
          await workshop.run({ ...CLEAN, plan: some, worker: 0, newStore });
          assert.deepEqual(workshop.core.contents(), expected(some));
        },
      ),
      { numRuns: 30 },
    );
  });
}
