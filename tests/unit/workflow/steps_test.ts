import assert from "node:assert/strict";
import type { Step } from "../../../lib/config/mod.ts";
import { chooseSteps, type StepChoice } from "../../../lib/workflow/mod.ts";

const CASES: readonly (readonly [Partial<StepChoice>, readonly Step[]])[] = [
  [{}, ["collect"]],
  [{ actions: ["post_collect"] }, ["collect", "post_collect"]],
  [{ actions: ["cleanup_plan"] }, ["collect", "cleanup_plan"]],
  [{ actions: ["post_cleanup_plan"] }, ["collect", "cleanup_plan", "post_cleanup_plan"]],
  [{ actions: ["pre_cleanup_plan"] }, ["collect", "pre_cleanup_plan", "cleanup_plan"]],
  [{ actions: ["made_up"] }, ["collect"]],
  [{ cleanup: true }, ["collect", "cleanup_plan", "cleanup"]],
  [{ cleanup: true, named: ["collect"] }, ["collect"]],
  [{ named: ["cleanup", "post_collect", "cleanup"] }, ["post_collect", "cleanup"]],
];

for (const [choice, steps] of CASES) {
  Deno.test(`chooseSteps(): ${JSON.stringify(choice)}`, () => {
    assert.deepEqual(chooseSteps({ named: [], actions: [], cleanup: false, ...choice }), steps);
  });
}
