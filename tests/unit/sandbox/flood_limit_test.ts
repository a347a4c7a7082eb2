import assert from "node:assert/strict";
import { FloodLimit } from "../../../lib/sandbox/flood_limit.ts";

Deno.test("FloodLimit.admits() counts by the second", () => {
  let now = 0;
  const limit = new FloodLimit(() => now, 2);
  assert.deepEqual([limit.admits(), limit.admits(), limit.admits()], [true, true, false]);
  now = 1_000;
  assert.equal(limit.admits(), true);
});
