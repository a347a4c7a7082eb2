import assert from "node:assert/strict";
import type { Api } from "../../../../../plugins/gcp/client/api.ts";
import { waitFor } from "../../../../../plugins/gcp/engine/waiting.ts";
import type { Raw } from "../../../../../plugins/gcp/raw.ts";
import type { ServiceName } from "../../../../../plugins/gcp/services.ts";

/** Waits for an operation that looks like this, one after the other, and tells what was asked. */
async function wait(service: ServiceName, first: Raw, ...later: readonly Raw[]) {
  const asked: unknown[] = [];
  const answers = [...later];
  const call: Api["call"] = (of, operation, parameters) => {
    asked.push([of, operation, parameters]);
    return Promise.resolve(answers.shift() ?? {});
  };
  const clock = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0 };
  const api = { call };
  const { signal } = new AbortController();
  const failed = await waitFor(first, { service, project: "p", api, clock, signal });
  return { failed, asked };
}

Deno.test("gcp waiting: newer APIs say done, and tell one error", async () => {
  const name = "projects/p/locations/l/operations/o";
  const { failed, asked } = await wait("container", { name, done: false }, {
    name,
    done: true,
    error: { code: 9, message: "it is used" },
  });
  assert.equal(failed, "it is used");
  assert.deepEqual(asked, [["container", "projects.locations.operations.get", { name }]]);
});

Deno.test("gcp waiting: an operation without a path is looked for where it says that it is", async () => {
  const operation = { name: "o", operationType: "DELETE_CLUSTER", location: "l" };
  const { failed, asked } = await wait(
    "container",
    { ...operation, status: "RUNNING" },
    { ...operation, status: "DONE" },
  );
  assert.equal(failed, undefined);
  const name = "projects/p/locations/l/operations/o";
  assert.deepEqual(asked, [["container", "projects.locations.operations.get", { name }]]);
});

Deno.test("gcp waiting: what is no operation is not waited for", async () => {
  for (const answer of [{}, { kind: "storage#bucket", name: "b" }]) {
    assert.deepEqual(await wait("storage", answer), { failed: undefined, asked: [] });
  }
});
