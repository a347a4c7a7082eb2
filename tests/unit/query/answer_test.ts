import assert from "node:assert/strict";
import fc from "fast-check";
import { type ParsedQuery, parseQuery, printQuery, type Query } from "../../../lib/query/mod.ts";
import { prepareQuery } from "../../../lib/store/query/prepare.ts";
import { graphs } from "../../support/query/arbitrary_graph.ts";
import { aggregations, queries } from "../../support/query/arbitrary_query.ts";
import { aggregate, evaluate } from "../../support/query/evaluate.ts";
import { storeOf } from "../../support/query/plain_graph.ts";
import { worldOf } from "../../support/query/plain_world.ts";

const NOW = new Date("2030-01-03T00:00:00Z");

/** The query as text and read again, so that messages of a failure can be tried by hand. */
function parsed(query: Query): ParsedQuery {
  return parseQuery(printQuery(query, "fixcore"));
}

Deno.test("prepareQuery(): finds what a plain reading of the language finds, in its order", async () => {
  await fc.assert(
    fc.asyncProperty(
      graphs,
      fc.array(queries, { minLength: 5, maxLength: 5 }),
      async (graph, all) => {
        using store = await storeOf(graph);
        const world = worldOf(graph, NOW);
        for (const query of all) {
          const prepared = prepareQuery(store, parsed(query), { now: NOW });
          const found = [...prepared.nodes()].map(({ key, tag }) => ({ node: key - 1, tag }));
          assert.deepEqual(found, evaluate(query, world), printQuery(query, "fixcore"));
          assert.equal(prepared.count(), found.length);
        }
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("prepareQuery(): aggregates as a plain reading of the language does", async () => {
  await fc.assert(
    fc.asyncProperty(
      graphs,
      fc.array(aggregations, { minLength: 5, maxLength: 5 }),
      async (graph, all) => {
        using store = await storeOf(graph);
        const world = worldOf(graph, NOW);
        for (const query of all) {
          const found = [...prepareQuery(store, parsed(query), { now: NOW }).groups()];
          assertSameGroups(found, aggregate(query, world), printQuery(query, "fixcore"));
        }
      },
    ),
    { numRuns: 60 },
  );
});

interface Group {
  readonly group: Readonly<Record<string, unknown>>;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Sums of doubles depend on their order in the last digits. */
function assertSameGroups(found: readonly Group[], wanted: readonly Group[], message: string) {
  const byText = (groups: readonly Group[]) =>
    new Map(groups.map(({ group, figures }) => [canonical(group), figures]));
  const [left, right] = [byText(found), byText(wanted)];
  assert.deepEqual([...left.keys()].toSorted(), [...right.keys()].toSorted(), message);
  for (const [key, figures] of left) {
    for (const [name, value] of Object.entries(figures)) {
      const other = right.get(key)?.[name];
      if (typeof value === "number" && typeof other === "number") {
        const close =
          Math.abs(value - other) <= 1e-6 * Math.max(1, Math.abs(value), Math.abs(other));
        assert.ok(close, `${message}: ${key} ${name}: ${value}, not ${other}`);
      } else assert.deepEqual(value, other, `${message}: ${key} ${name}`);
    }
  }
}

function canonical(group: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(group, (_, value) => value === undefined ? null : value);
}
