import assert from "node:assert/strict";
import { askDoctor } from "../../../lib/sandbox/mod.ts";
import type { DoctorReport } from "../../../lib/sdk/mod.ts";
import { fill } from "../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../support/gcp/fake_google.ts";
import { exampleRequest } from "../../support/guest_request.ts";
import { pluginOf } from "../../support/saas/saas_store.ts";

function ask(google: FakeGoogle): Promise<DoctorReport> {
  const entry = pluginOf("gcp");
  const options = entry.manifest.options.parse({
    service_account: [google.key("worker@p.test")],
    endpoint_url: google.endpoints,
  });
  return askDoctor(exampleRequest({
    entry,
    options,
    permissions: entry.manifest.permissions(options, { env: {}, files: {} }),
    base: new URL("../../support/fast_saas/main.ts", import.meta.url).href,
  }));
}

const refusal = (status: number, reason: string, message: string) => ({
  type: "answer" as const,
  status,
  body: JSON.stringify({ error: { code: status, message, errors: [{ reason }] } }),
});

Deno.test("gcp doctor: tells who it is, which projects are reached and what is denied", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  google.setRules([
    {
      path: /p\/aggregated\/routers/,
      effect: refusal(403, "forbidden", "Required 'compute.routers.list' permission for 'p'"),
    },
    { path: /sql\/v1beta4/, effect: refusal(403, "accessNotConfigured", "not used before") },
  ]);
  const { credentials, accounts } = await ask(google);
  assert.equal(credentials, "worker@p.test");
  assert.deepEqual(accounts.map(({ id, name, regions }) => [id, name, regions]), [
    ["p", "Project p", ["europe-west1", "us-east1"]],
    ["q", "Project q", ["europe-west1", "us-east1"]],
  ]);
  const denied = accounts.flatMap(({ denied }) =>
    denied.map(({ call, permission, kinds }) => [call, permission, ...kinds])
  );
  assert.deepEqual(denied, [
    ["compute:routers.aggregatedList", "compute.routers.list", "gcp_router"],
  ]);
});

Deno.test("gcp doctor: a project that breaks has a problem, and the others have none", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  google.setRules([{ path: /projects\/q\//, effect: { type: "answer", status: 404 } }]);
  const { accounts } = await ask(google);
  assert.deepEqual(accounts.map(({ problem }) => problem === undefined), [true, false]);
});
