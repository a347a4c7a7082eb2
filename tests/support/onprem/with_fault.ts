import assert from "node:assert/strict";
import type { RunSummary } from "../../../lib/collect/mod.ts";
import type { Stored } from "../saas/saas_store.ts";
import { type Sshd, startSshd } from "./sshd.ts";
import { makeOnpremWorld, type OnpremWorld, type RunMore } from "./world.ts";

/** Two hosts of which one has a fault. */
export interface Trouble {
  readonly world: OnpremWorld;
  /** The one with the fault; the other is well. */
  readonly bad: Sshd;
}

/** A run with a fault, after one without. */
export interface Troubled {
  readonly summary: RunSummary;
  /** How the scope of the bad host ended. */
  readonly outcome: string | undefined;
  /** The code of its fault, and the line for people. */
  readonly code: string | undefined;
  readonly message: string;
  readonly after: Stored;
}

/**
 * Collects a good and a bad host, lets something happen to the bad one and collects again. Whatever it
 * is: no node, no edge and no value may go, and the good host's scope is complete.
 */
export async function collectWithFault(
  happen: (trouble: Trouble) => unknown,
  more: RunMore & { readonly during?: (trouble: Trouble) => Promise<void> } = {},
): Promise<Troubled> {
  await using world = await makeOnpremWorld();
  await using good = await startSshd({ authorized: [world.key.line] });
  await using bad = await startSshd({ authorized: [world.key.line] });
  await world.know(good.knownHosts() + bad.knownHosts());
  const servers = [`x%good%127.0.0.1:${good.port}`, `x%bad%127.0.0.1:${bad.port}`];
  assert.equal((await world.collect(servers)).exitCode, 0);
  const before = world.read();
  await happen({ world, bad });
  const [summary] = await Promise.all([
    world.collect(servers, more),
    more.during?.({ world, bad }),
  ]);
  const after = world.read();
  assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
  for (const [node, values] of before.reported) {
    assert.deepEqual(after.reported.get(node), values, `${node} has lost values`);
  }
  assert.equal(after.outcomes[`good/onprem_instance 127.0.0.1:${good.port}`], "complete");
  const [fault] = summary.accounts.flatMap(({ faults }) => faults);
  const outcome = after.outcomes[`bad/onprem_instance 127.0.0.1:${bad.port}`];
  return { summary, outcome, code: fault?.code, message: fault?.message ?? "", after };
}

/** The bad host could not be looked at: exit code 3, and what is known of it is kept. */
export function assertKept({ summary, outcome, after }: Troubled, wanted = "failed"): void {
  assert.deepEqual([summary.exitCode, outcome], [3, wanted]);
  assert.deepEqual(after.stale, ["bad onprem_instance 127.0.0.1 127.0.0.1"]);
}
