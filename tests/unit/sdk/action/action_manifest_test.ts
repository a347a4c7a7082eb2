import assert from "node:assert/strict";
import { actionSubscriberId } from "../../../../lib/sdk/mod.ts";

Deno.test("actionSubscriberId(): prefix, step and class name", () => {
  const manifest = { action: "pre_cleanup_plan", subscriber: "TagValidatorPlugin" };
  assert.equal(
    actionSubscriberId("worker", manifest),
    "worker-actions-pre_cleanup_plan-TagValidatorPlugin",
  );
});
