import assert from "node:assert/strict";
import type { CoreGraphView } from "./core_graph.ts";
import { SUBSCRIBER } from "./daemon_binary.ts";
import type { FakeCore, StepState, StoredEdge } from "./fake_core.ts";

/** Runs `collect` and expects that it is done, in a way that the core has nothing to say against. */
export async function collectAt(core: FakeCore): Promise<StepState> {
  const step = await core.runStep("collect");
  assertAnswered(core, step);
  return step;
}

/** Expects that the one worker there is answered `action_done`. */
export function assertAnswered(core: FakeCore, { answers }: StepState): void {
  assert.deepEqual(answers, [{ subscriber: SUBSCRIBER[core.dialect], kind: "action_done" }]);
  assertGood(core);
}

/** Expects that no worker did what a core has to refuse or to overlook. */
export function assertGood({ violations, importErrors, unreadQueries }: FakeCore): void {
  assert.deepEqual({ violations, importErrors, unreadQueries }, {
    violations: [],
    importErrors: [],
    unreadQueries: [],
  });
}

/** What a core has. */
export function graphOf(core: FakeCore): CoreGraphView & { readonly edges: readonly StoredEdge[] } {
  const { nodes, edges } = core.graph();
  return { nodes: nodes.values(), edges };
}

/** Ids in the cloud of the nodes that a core has of one kind, sorted. */
export function idsAt(core: FakeCore, kind: string | RegExp): readonly string[] {
  return [...core.graph().nodes.values()]
    .filter(({ reported }) =>
      typeof kind === "string" ? reported["kind"] === kind : kind.test(String(reported["kind"]))
    ).map(({ reported }) => String(reported["id"])).sort();
}

/** How many merges the core took. */
export function merges(core: FakeCore): number {
  return core.requests.filter(({ path, status = 0 }) =>
    path.endsWith("/merge") && status >= 200 && status < 300
  ).length;
}
