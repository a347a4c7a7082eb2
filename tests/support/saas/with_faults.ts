import assert from "node:assert/strict";
import type { CollectRequest, RunSummary } from "../../../lib/collect/mod.ts";
import type { FakeApi, FakeRule } from "./fake_api.ts";
import { faultsOf, makeSaasStore, type Stored } from "./saas_store.ts";

/** A run with faults between two without. */
export interface Faulted {
  readonly summary: RunSummary;
  /** `outcome call code permission` of each fault. */
  readonly faults: readonly string[];
  /** Scopes that were not complete, with their outcomes. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly before: Stored;
  readonly after: Stored;
  /** Requests of the run with faults. */
  readonly requests: readonly string[];
}

/**
 * Collects, collects with faults and collects again. The cloud does not change, so whatever the
 * faults are: no node, no edge and no value may go, and at the end nothing may be stale.
 */
export async function collectWithFaults(
  plugin: string,
  fake: FakeApi,
  options: Readonly<Record<string, unknown>>,
  rules: readonly FakeRule[],
  request: Partial<CollectRequest> = {},
): Promise<Faulted> {
  await using store = await makeSaasStore(plugin, request);
  fake.setRules([]);
  const first = await store.collect(options);
  assert.deepEqual([first.exitCode, faultsOf(first)], [0, []]);
  const before = store.read();
  fake.setRules(rules);
  const known = fake.requests.length;
  const summary = await store.collect(options);
  const requests = fake.requests.slice(known);
  const after = store.read();
  assert.deepEqual(missing(before.nodes, after.nodes), [], "nodes are gone");
  assert.deepEqual(missing(before.edges, after.edges), [], "edges are gone");
  for (const [node, values] of before.reported) {
    assert.deepEqual(after.reported.get(node), values, `${node} has lost values`);
  }
  fake.setRules([]);
  assert.equal((await store.collect(options)).exitCode, 0);
  const last = store.read();
  assert.deepEqual([last.nodes, last.edges, last.stale], [before.nodes, before.edges, []]);
  const outcomes = Object.entries(after.outcomes).filter(([, outcome]) => outcome !== "complete");
  return {
    summary,
    faults: faultsOf(summary),
    outcomes: Object.fromEntries(outcomes),
    before,
    after,
    requests,
  };
}

function missing(before: readonly string[], after: readonly string[]): readonly string[] {
  const there = new Set(after);
  return before.filter((each) => !there.has(each));
}

/** The faults cost time and nothing else. */
export function assertCostsNothing({ summary, outcomes, after, faults }: Faulted): void {
  assert.deepEqual([summary.exitCode, outcomes, after.stale, faults], [0, {}, [], []]);
}
