import assert from "node:assert/strict";
import fc from "fast-check";
import { isConclusive, type Outcome, OUTCOMES } from "../../../lib/model/mod.ts";
import type { Store } from "../../../lib/store/mod.ts";
import {
  begin,
  finish,
  nodesOf,
  openTest,
  runOnce,
  scopeKey,
  stageAll,
  temporaryFolder,
} from "../../support/store.ts";

const SCOPES = ["a_list", "b_list", "c_list"] as const;
type ScopeName = typeof SCOPES[number];

/** How one run looks at one scope. */
interface Look {
  readonly scope: ScopeName;
  readonly outcome: Outcome;
  readonly lines: readonly (readonly [id: string, value: number])[];
  readonly discarded: boolean;
}

/** One run: its looks in their order, and after how many of them it is killed. */
interface Plan {
  readonly looks: readonly Look[];
  readonly killedAfter: number | null;
}

interface ModelNode {
  readonly owner: ScopeName;
  readonly value: number;
  readonly stale: boolean;
}
type Model = ReadonlyMap<string, ModelNode>;

const line = fc.tuple(fc.constantFrom("n1", "n2", "n3", "n4"), fc.nat(2));
const look = (scope: ScopeName) =>
  fc.record({
    scope: fc.constant(scope),
    outcome: fc.constantFrom(...OUTCOMES),
    lines: fc.array(line, { maxLength: 5 }),
    discarded: fc.boolean(),
  });
const plan: fc.Arbitrary<Plan> = fc.record({
  looks: fc.shuffledSubarray([...SCOPES]).chain((names) => fc.tuple(...names.map(look))),
  killedAfter: fc.option(fc.nat(3), { freq: 3 }),
});

Deno.test("Store obeys the law of scopes for any looks, orders, outcomes and kills", async () => {
  using folder = temporaryFolder();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 5 }), async (plans) => {
      const path = `${folder.path}/${count++}.db`;
      let model: Model = new Map();
      let store = await openTest({ path });
      try {
        for (const [index, each] of plans.entries()) {
          execute(store, `r${index}`, each);
          if (each.killedAfter !== null) {
            store[Symbol.dispose]();
            store = await openTest({ path });
          }
          model = after(model, each);
          assert.deepEqual(stateOf(store), new Map([...model].toSorted()));
        }
        assertRepeatChangesNothing(store);
      } finally {
        store[Symbol.dispose]();
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("Store holds nothing stale after a run without faults", async () => {
  using store = await openTest();
  let count = 0;
  fc.assert(
    fc.property(fc.array(plan, { maxLength: 3 }), (plans) => {
      for (const each of plans) execute(store, `r${count++}`, { ...each, killedAfter: null });
      const clean = SCOPES.map((scope) => ({ scope: scopeKey(scope), nodes: [{ id: scope }] }));
      runOnce(store, `r${count++}`, clean);
      assert.deepEqual(
        nodesOf(store).map(({ id, stale }) => [id, stale]),
        SCOPES.map((id) => [id, 0]),
      );
    }),
    { numRuns: 40 },
  );
});

function execute(store: Store, id: string, { looks, killedAfter }: Plan): void {
  const writer = begin(store, id);
  let first = 0;
  for (const each of looks.slice(0, killedAfter ?? looks.length)) {
    const key = scopeKey(each.scope);
    const number = writer.open(key, "eu");
    const nodes = each.lines.map(([id, value]) => ({ id, body: { state: `${value}` } }));
    stageAll(writer, number, key, nodes, first);
    first += nodes.length;
    if (isDiscarded(each)) writer.discard(number, each.outcome, []);
    else writer.close(number, each.outcome, []);
  }
  if (killedAfter === null) return finish(writer);
  const key = scopeKey("d_list");
  stageAll(writer, writer.open(key, "eu"), key, [{ id: "never" }], first);
}

function isDiscarded(each: Look): boolean {
  return each.discarded && !isConclusive(each.outcome);
}

/** The law, said naively. */
function after(model: Model, { looks, killedAfter }: Plan): Model {
  const done = looks.slice(0, killedAfter ?? looks.length);
  const result = new Map<string, ModelNode>();
  for (
    const id of new Set([
      ...model.keys(),
      ...done.flatMap((each) => each.lines.map(([id]) => id)),
    ])
  ) {
    const node = fate(id, model.get(id), done, killedAfter !== null);
    if (node !== undefined) result.set(id, node);
  }
  return result;
}

function fate(id: string, node: ModelNode | undefined, done: readonly Look[], killed: boolean) {
  const sent = done.filter((each) => !isDiscarded(each) && each.lines.some(([line]) => line === id))
    .toSorted((a, b) => a.scope < b.scope ? -1 : 1)[0];
  const own = done.find((each) => each.scope === node?.owner);
  const waits = killed && node !== undefined && own === undefined;
  if (sent !== undefined && !(waits && node.owner < sent.scope)) {
    const values = sent.lines.filter(([line]) => line === id).map(([, value]) => value);
    return { owner: sent.scope, value: Math.min(...values), stale: false };
  }
  if (node === undefined || own === undefined) return node;
  return isConclusive(own.outcome) ? undefined : { ...node, stale: true };
}

function stateOf(store: Store): Map<string, ModelNode> {
  const rows = store.db.all<{ id: string; owner: ScopeName; state: string; stale: number }>(
    `SELECT v.id, s.resource AS owner, v.state, v.stale FROM demo_instance v
     JOIN nodes n ON n.key = v.key JOIN scopes s ON s.scope = n.scope ORDER BY v.id`,
  );
  return new Map(
    rows.map((
      { id, owner, state, stale },
    ) => [id, { owner, value: Number(state), stale: stale === 1 }]),
  );
}

/** Sends what the store holds once more, scope by scope: nothing may count as a change. */
function assertRepeatChangesNothing(store: Store): void {
  const state = [...stateOf(store)];
  const scopes = SCOPES.map((scope) => ({
    scope: scopeKey(scope),
    nodes: state.filter(([, node]) => node.owner === scope)
      .map(([id, { value }]) => ({ id, body: { state: `${value}` } })),
  }));
  for (const stats of runOnce(store, "repeat", scopes)) {
    assert.deepEqual([stats.added, stats.changed, stats.removed, stats.stale], [0, 0, 0, 0]);
  }
}
