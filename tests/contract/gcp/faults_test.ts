import assert from "node:assert/strict";
import { fill } from "../../support/gcp/estate.ts";
import { startGoogle } from "../../support/gcp/fake_google.ts";
import {
  changed,
  collectBroken,
  FEW,
  refuse,
  withBehaviour,
  withFaults,
} from "../../support/gcp/with_gcp_faults.ts";
import type { FakeEffect } from "../../support/saas/fake_api.ts";
import { makeSaasStore } from "../../support/saas/saas_store.ts";
import { assertCostsNothing } from "../../support/saas/with_faults.ts";

/** A call of each kind: place, list by location, plain list, single object, members, other services. */
const CALLS: Readonly<Record<string, RegExp>> = {
  "compute:regions.list": /p\/regions\?/,
  "compute:zones.list": /p\/zones\?/,
  "compute:instances.aggregatedList": /aggregated\/instances\?/,
  "compute:networks.list": /global\/networks\?/,
  "compute:machineTypes.get": /machineTypes\//,
  "compute:instanceGroups.listInstances": /listInstances/,
  "storage:buckets.list": /storage\/v1\/b\?/,
  "sqladmin:instances.list": /p\/instances$/,
  "sqladmin:databases.list": /db\/databases/,
  "container:projects.locations.clusters.list": /locations\/-\/clusters/,
  "aiplatform:projects.locations.models.list": /locations\/[^/]+\/models\?/,
  "aiplatform:projects.locations.models.evaluations.list": /m1\/evaluations/,
  "pubsub:projects.topics.list": /p\/topics/,
  "securitycenter:projects.sources.findings.list": /sources\/-\/findings/,
  "sqladmin:backupRuns.list": /db\/backupRuns/,
  "compute:networkFirewallPolicies.aggregatedList": /aggregated\/firewallPolicies/,
  "compute:acceleratorTypes.get": /acceleratorTypes\//,
  "cloudbilling:projects.getBillingInfo": /billingInfo$/,
  "cloudbilling:services.skus.list": /\/skus/,
  "cloudresourcemanager:projects.list": /v1\/projects\?/,
};

for (const [call, path] of Object.entries(CALLS)) {
  Deno.test(`gcp: faults that pass cost nothing: ${call}`, async () => {
    const passing: readonly FakeEffect[] = [
      refuse(503, "backendError"),
      refuse(403, "rateLimitExceeded"),
      refuse(429, "RESOURCE_EXHAUSTED"),
      { type: "truncate" },
      { type: "answer", status: 200, body: "<html>" },
    ];
    const rules = passing.map((effect) => ({ path, first: 1, effect }));
    assertCostsNothing(await collectBroken(FEW, () => {}, rules));
  });

  Deno.test(`gcp: a call that is denied or breaks keeps what was known: ${call}`, async () => {
    for (const effect of [refuse(403, "forbidden"), refuse(500, "backendError")]) {
      const { summary, outcomes, faults } = await collectBroken(FEW, () => {}, [{ path, effect }]);
      assert.notEqual(summary.exitCode, 0);
      const isOfList = call.startsWith("cloudresourcemanager");
      assert.ok(isOfList || Object.keys(outcomes).length > 0);
      assert.ok(isOfList || faults.some((fault) => fault.includes(call)), faults.join("; "));
    }
  });
}

Deno.test("gcp: no answer at all, and one that is cut, are tried again", async () => {
  assertCostsNothing(
    await withFaults(
      { path: /aggregated\/disks/, first: 1, effect: { type: "hang" } },
      { path: /aggregated\/instances/, first: 1, effect: { type: "truncate" } },
    ),
  );
});

Deno.test("gcp: a missing permission is named and costs its own kind", async () => {
  const message = "Required 'compute.routers.list' permission for 'projects/p'";
  const { outcomes, faults } = await withFaults({
    path: /aggregated\/routers/,
    effect: refuse(403, "forbidden", message),
  });
  assert.deepEqual(outcomes, { gcp_router: "denied", "us-east1/gcp_router": "skipped" });
  assert.deepEqual(faults, [
    "denied compute:routers.aggregatedList forbidden compute.routers.list",
  ]);
});

Deno.test("gcp: an API that is disabled is not enabled, whichever form says so", async () => {
  const forms = [
    refuse(403, "accessNotConfigured", "Access Not Configured"),
    refuse(403, "forbidden", "Cloud SQL Admin API has not been used in project 1 before"),
    refuse(403, "forbidden", "no", { details: [{ reason: "SERVICE_DISABLED", metadata: {} }] }),
    refuse(403, "forbidden", "no", { details: [{ reason: "BILLING_DISABLED" }] }),
  ];
  for (const effect of forms) {
    const { summary, outcomes } = await withFaults({ path: /p\/instances$/, effect });
    const kinds = ["gcp_database", "gcp_sql_backup_run", "gcp_sql_database", "gcp_sql_user"];
    const expected = kinds.flatMap((kind) => [
      [kind, "not_enabled"],
      [`us-east1/${kind}`, "skipped"],
    ]);
    assert.deepEqual(outcomes, Object.fromEntries(expected));
    assert.equal(summary.exitCode, 0);
  }
});

Deno.test("gcp: without Compute Engine nothing of it is asked for, and the rest is collected", async () => {
  const { outcomes, requests, summary } = await withFaults({
    path: /compute\/v1/,
    effect: refuse(403, "accessNotConfigured"),
  });
  assert.equal(summary.exitCode, 0);
  assert.equal(requests.filter((path) => path.includes("/compute/v1/")).length, 1);
  assert.equal(outcomes["gcp_instance"], "not_enabled");
  assert.equal(outcomes["gcp_bucket"], undefined);
});

Deno.test("gcp: without regions a database lies in its project", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  google.setRules([{ path: /compute\/v1/, effect: refuse(403, "accessNotConfigured") }]);
  const key = google.key("worker@p.test");
  await store.collect({ service_account: [key], endpoint_url: google.endpoints });
  assert.ok(store.read().nodes.includes("- gcp_database db db"));
});

Deno.test("gcp: a zone that cannot be reached costs its region, and no other", async () => {
  const { outcomes, faults, after } = await withBehaviour((google) => {
    google.behaviour = { ...google.behaviour, unreachable: ["zones/us-east1-b"] };
  });
  assert.equal(outcomes["us-east1/gcp_instance"], "failed");
  assert.equal(outcomes["gcp_instance"], undefined);
  assert.ok(faults.includes("failed compute:instances.aggregatedList cloud.request"));
  assert.ok(after.stale.includes("1230 gcp_instance 1030 web"));
});

Deno.test("gcp: an answer that names places without reaching them leaves these open", async () => {
  const unreachable = (member: string, place: string) =>
    changed((answer) => ({ ...answer, [member]: [place] }));
  const { outcomes } = await withFaults(
    { path: /aggregated\/routers/, effect: unreachable("unreachables", "regions/us-east1") },
    { path: /storage\/v1\/b/, effect: unreachable("unreachable", "projects/_/locations/x") },
    {
      path: /p\/instances$/,
      effect: changed((answer) => ({
        ...answer,
        warnings: [{ code: "REGION_UNREACHABLE", region: "us-east1", message: "down" }],
      })),
    },
    {
      path: /locations\/-\/clusters/,
      effect: changed((answer) => ({ ...answer, missingZones: ["us-east1"] })),
    },
    {
      path: /global\/networks/,
      effect: changed((answer) => ({
        ...answer,
        warning: { code: "UNREACHABLE", message: "down" },
      })),
    },
  );
  assert.equal(outcomes["us-east1/gcp_router"], "failed");
  assert.equal(outcomes["gcp_router"], undefined);
  assert.equal(outcomes["us-east1/gcp_database"], "failed");
  assert.equal(outcomes["us-east1/gcp_container_cluster"], "failed");
  assert.deepEqual([outcomes["gcp_bucket"], outcomes["gcp_network"]], ["failed", "failed"]);
});

Deno.test("gcp: an expired place in a list begins it anew, and nothing comes twice", async () => {
  assertCostsNothing(
    await withFaults({
      path: /aggregated\/disks.*pageToken/,
      first: 1,
      effect: refuse(400, "invalid", "Invalid value for field 'pageToken': expired"),
    }),
  );
});

Deno.test("gcp: a place in a list that is never good, or comes twice, leaves the list open", async () => {
  const { outcomes, faults } = await withFaults(
    {
      path: /aggregated\/disks.*pageToken/,
      effect: refuse(400, "invalid", "Invalid value for field 'pageToken'"),
    },
    {
      path: /aggregated\/instances/,
      effect: changed((answer) => ({ ...answer, nextPageToken: "page-2" })),
    },
  );
  assert.equal(outcomes["gcp_disk"], "failed");
  assert.equal(outcomes["gcp_instance"], "failed");
  // What instances and disks name is not known to the end, either.
  assert.equal(outcomes["gcp_machine_type"], "failed");
  assert.ok(faults.includes("failed compute:instances.aggregatedList RepeatedToken"));
});

Deno.test("gcp: a token that is refused in the middle is renewed once", async () => {
  const found = await withFaults({
    path: /aggregated\/disks/,
    first: 1,
    effect: refuse(401, "authError"),
  });
  assertCostsNothing(found);
  assert.equal(found.requests.filter((path) => path === "/token").length, 2);
});

Deno.test("gcp: a bad object costs no other", async () => {
  const first = (member: string, spoil: (object: object) => unknown) =>
    changed((answer) => {
      const value: unknown = answer[member];
      const [object, ...others] = Array.isArray(value) ? value : [];
      return { ...answer, [member]: [spoil(object), ...others] };
    });
  const { outcomes, after } = await withFaults(
    { path: /global\/networks/, effect: first("items", () => null) },
    {
      path: /storage\/v1\/b/,
      effect: first("items", (bucket) => ({ ...bucket, storageClass: {} })),
    },
    { path: /global\/images/, effect: first("items", (image) => ({ ...image, labels: { a: 1 } })) },
    {
      path: /global\/routes/,
      effect: first("items", ({ ...route }) => ({ ...route, id: {} })),
    },
    { path: /p\/instances$/, effect: first("items", (db) => ({ ...db, gceZone: "mars-1" })) },
  );
  assert.equal(outcomes["gcp_network"], "failed");
  assert.equal(outcomes["gcp_bucket"], "partial");
  assert.equal(outcomes["gcp_image"], "partial");
  assert.equal(outcomes["gcp_database"], "failed");
  assert.ok(after.stale.includes("- gcp_network 1015 net"));
});

Deno.test("gcp: an answer that is no list leaves it open", async () => {
  const { outcomes } = await withFaults(
    { path: /global\/networks/, effect: changed(() => ({ items: "none" })) },
    { path: /aggregated\/disks/, effect: changed(() => ({ items: [] })) },
    { path: /aggregated\/routers/, effect: changed(() => ({ items: { "regions/us-east1": 1 } })) },
  );
  assert.equal(outcomes["gcp_network"], "failed");
  assert.equal(outcomes["gcp_disk"], "failed");
  assert.equal(outcomes["gcp_router"], "failed");
});

Deno.test("gcp: members of a group that cannot be read keep their edges", async () => {
  const { outcomes } = await withFaults({
    path: /listInstances/,
    effect: refuse(403, "forbidden", "Required 'compute.instanceGroups.list' permission"),
  });
  assert.deepEqual(outcomes, { "us-east1/gcp_instance_group": "partial" });
});

Deno.test("gcp: prices that cannot be read are kept", async () => {
  const { outcomes } = await withFaults({ path: /v1\/services/, effect: refuse(403, "forbidden") });
  assert.deepEqual(outcomes, {
    gcp_service: "denied",
    "us-east1/gcp_disk_type": "partial",
    "us-east1/gcp_machine_type": "partial",
  });
});

Deno.test("gcp: where prices are not enabled, that is no fault", async () => {
  const { outcomes, summary, requests } = await withFaults({
    path: /v1\/services/,
    effect: refuse(403, "accessNotConfigured"),
  });
  assert.equal(summary.exitCode, 0);
  assert.deepEqual(outcomes, { gcp_service: "not_enabled" });
  assert.equal(requests.filter((path) => path.includes("/v1/services")).length, 1);
});

Deno.test("gcp: an answer that leads elsewhere is not followed", async () => {
  const { outcomes } = await withFaults({
    path: /storage\/v1\/b/,
    effect: {
      type: "answer",
      status: 302,
      headers: { location: "/compute/v1/projects/p/regions" },
    },
  });
  assert.deepEqual(outcomes, { gcp_bucket: "failed" });
});

Deno.test("gcp: a region of Vertex AI that fails costs itself, and what is listed below", async () => {
  const { outcomes, after } = await withFaults({
    path: /locations\/us-east1\/(models|datasets)\?/,
    effect: refuse(400, "failedPrecondition"),
  });
  assert.deepEqual(outcomes, {
    "us-east1/gcp_vertex_ai_dataset": "failed",
    "us-east1/gcp_vertex_ai_dataset_version": "failed",
    "us-east1/gcp_vertex_ai_model": "failed",
    "us-east1/gcp_vertex_ai_model_evaluation": "failed",
  });
  assert.ok(after.stale.some((node) => node.includes("gcp_vertex_ai_model ")));
});

Deno.test("gcp: a region that does not have all of Vertex AI is no fault, and nothing goes", async () => {
  const { outcomes, summary } = await withFaults({
    path: /locations\/us-east1\/models\?/,
    effect: refuse(501, "unimplemented"),
  });
  assert.equal(summary.exitCode, 0);
  assert.deepEqual(outcomes, {
    "us-east1/gcp_vertex_ai_model": "not_enabled",
    "us-east1/gcp_vertex_ai_model_evaluation": "not_enabled",
  });
});

Deno.test("gcp: Vertex AI that is denied in all regions is told once", async () => {
  const { outcomes, faults } = await withFaults({
    path: /\/locations\/[^/]+\/tensorboards/,
    effect: refuse(403, "forbidden"),
  });
  const kind = "gcp_vertex_ai_tensorboard";
  assert.deepEqual(outcomes, { [kind]: "denied", [`us-east1/${kind}`]: "skipped" });
  assert.ok(faults.length <= 1);
});

Deno.test("gcp: Vertex AI that is not enabled is not asked for by every kind in every region", async () => {
  const vertex = /\/locations\/[a-z]+-[a-z]+\d+\//;
  const { outcomes, requests, summary } = await withFaults({
    path: vertex,
    effect: refuse(403, "accessNotConfigured"),
  });
  assert.equal(summary.exitCode, 0);
  const own = Object.entries(outcomes).filter(([scope]) => !scope.includes("/"));
  assert.ok(own.length > 15 && own.every(([scope]) => scope.startsWith("gcp_vertex_ai_")));
  assert.deepEqual([...new Set(own.map(([, outcome]) => outcome))], ["not_enabled"]);
  assert.ok(requests.filter((path) => vertex.test(path)).length < 10);
});

Deno.test("gcp: without Compute Engine all regions of Vertex AI are asked, and nothing goes", async () => {
  const { requests, outcomes } = await withFaults({
    path: /compute\/v1/,
    effect: refuse(403, "accessNotConfigured"),
  });
  const asked = requests.filter((path) => /\/tensorboards\?/.test(path));
  assert.ok(asked.length > 40 && asked.some((path) => path.includes("/us-west8/")));
  assert.equal(outcomes["gcp_vertex_ai_tensorboard"], undefined);
});
