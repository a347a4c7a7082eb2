import assert from "node:assert/strict";
import { GuestCensus } from "../../../lib/daemon/guest_census.ts";

Deno.test("GuestCensus counts guests while they live, with the memory that they tell", async () => {
  const census = new GuestCensus();
  const end = Promise.withResolvers<void>();
  const guest = { memory: 7, ended: end.promise };
  assert.equal(census.count("aws", guest), guest);
  census.count("aws", { memory: undefined, ended: new Promise(() => {}) });
  assert.deepEqual(census.guests, [{ plugin: "aws", memoryBytes: 7 }, { plugin: "aws" }]);
  end.resolve();
  await end.promise;
  assert.deepEqual(census.guests, [{ plugin: "aws" }]);
});
