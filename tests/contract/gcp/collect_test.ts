import assert from "node:assert/strict";
import { ALL } from "../../support/gcp/all.ts";
import { fill, fillEmpty } from "../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../support/gcp/fake_google.ts";
import { golden } from "../../support/golden.ts";
import { faultsOf, makeSaasStore, pluginOf } from "../../support/saas/saas_store.ts";

const ACCOUNT = "worker@p.test";
function options(google: FakeGoogle, more: object = {}) {
  return { service_account: [google.key(ACCOUNT)], endpoint_url: google.endpoints, ...more };
}

Deno.test("gcp: everything is collected over all pages, with exact values", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const summary = await store.collect(options(google, ALL));
  assert.deepEqual([summary.exitCode, faultsOf(summary), google.problems], [0, [], []]);
  const { nodes, edges, outcomes, reported } = store.read();
  assert.deepEqual([...new Set(Object.values(outcomes))], ["complete"]);
  const values = Object.fromEntries([...reported].sort(([a], [b]) => a < b ? -1 : 1));
  await golden("gcp/estate.json", `${JSON.stringify({ nodes, edges, values }, null, 2)}\n`);
});

Deno.test("gcp: every kind of the model is found, but for those that never were", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google, ALL));
  const found = new Set(store.read().nodes.map((node) => node.split(" ")[1]));
  const made = pluginOf("gcp").model.kinds
    .filter(({ name, nested }) =>
      nested !== true && name !== "gcp_resource" && !/_global_/.test(name)
    );
  assert.deepEqual(made.map(({ name }) => name).filter((name) => !found.has(name)), []);
});

Deno.test("gcp: no secret of an answer is stored", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google, ALL));
  assert.doesNotMatch(JSON.stringify([...store.read().reported]), /s3cr3t/);
});

Deno.test("gcp: twice the same is no change", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google, ALL));
  const before = store.read();
  const summary = await store.collect(options(google, ALL));
  assert.deepEqual(store.read(), before);
  for (const { kind, added, changed, removed } of summary.kinds) {
    assert.deepEqual([added, changed, removed], [0, 0, 0], kind);
  }
});

Deno.test("gcp: what is many, a log, or asks for more rights is collected only if it is named", async () => {
  await using google = await startGoogle();
  fill(google);
  const kindsFor = async (more: object) => {
    await using store = await makeSaasStore("gcp");
    assert.equal((await store.collect(options(google, more))).exitCode, 0);
    return new Set(store.read().nodes.map((node) => node.split(" ")[1] ?? ""));
  };
  const [usual, all] = [await kindsFor({}), await kindsFor(ALL)];
  assert.deepEqual([...all].filter((kind) => !usual.has(kind)).sort(), [
    "gcp_billing_account",
    "gcp_container_operation",
    "gcp_node_type",
    "gcp_object",
    "gcp_operation",
    "gcp_sql_operation",
  ]);
  const alone = await kindsFor({ collect: ["operations"] });
  assert.ok(alone.has("gcp_operation") && !alone.has("gcp_instance"));
  const less = await kindsFor({ ...ALL, no_collect: ["operations"] });
  assert.deepEqual([less.has("gcp_operation"), less.has("gcp_sql_operation")], [false, true]);
});

Deno.test("gcp: what is collected no more unless it is named is kept", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google, ALL));
  const before = store.read();
  await store.collect(options(google));
  assert.deepEqual(store.read().nodes, before.nodes);
});

Deno.test("gcp: what is gone from a region goes, also when nothing is left there", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  for (const each of google.state.in("compute", ["routers", "disks"], { project: "p" })) {
    google.state.remove(each);
  }
  assert.equal((await store.collect(options(google))).exitCode, 0);
  const { nodes, outcomes } = store.read();
  const left = nodes.filter((node) => /gcp_(router|disk) /.test(node));
  assert.deepEqual(left, ["1230 gcp_disk 1034 twice"]);
  assert.equal(outcomes["us-east1/gcp_router"], "complete");
});

Deno.test("gcp: a project has scopes for what it has, not for all places", async () => {
  await using google = await startGoogle();
  fillEmpty(google, "p");
  await using store = await makeSaasStore("gcp");
  assert.equal((await store.collect(options(google))).exitCode, 0);
  const { nodes, outcomes } = store.read();
  assert.deepEqual(
    new Set(nodes.map((node) => node.split(" ")[1])),
    new Set([
      "gcp_project",
      "gcp_project_billing_info",
      "gcp_region",
      "gcp_zone",
      "gcp_quota",
    ]),
  );
  const regional = Object.keys(outcomes).filter((scope) => scope.includes("/"));
  assert.deepEqual(regional, ["europe-west1/gcp_zone", "us-east1/gcp_zone"]);
});

Deno.test("gcp: prices and machine types are asked for once", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  const asked = (pattern: RegExp) => google.requests.filter((path) => pattern.test(path)).length;
  // Two services and seven prices, two a page, for both projects together.
  assert.deepEqual([asked(/v1\/services\?/), asked(/\/skus/)], [1, 4]);
  assert.equal(asked(/p\/zones\/us-east1-b\/machineTypes\//), 2);
  assert.equal(asked(/aggregated\/machineTypes/), 0);
});

Deno.test("gcp: collectors by name, and prices and quotas left out", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const only = await store.collect(options(google, { collect: ["buckets"] }));
  assert.equal(only.exitCode, 0);
  const kinds = () => [...new Set(store.read().nodes.map((node) => node.split(" ")[1]))].sort();
  assert.deepEqual(kinds(), ["gcp_bucket", "gcp_project", "gcp_quota", "gcp_region", "gcp_zone"]);
  await using other = await makeSaasStore("gcp");
  const names = ["services", "quotas"];
  await other.collect(options(google, { no_collect: names }));
  const left = other.read();
  assert.ok(!left.nodes.some((node) => /gcp_(service|quota|service_sku) /.test(node)));
  assert.equal(left.reported.get("gcp_machine_type 1025")?.["ondemand_cost"], undefined);
});

Deno.test("gcp: kinds that are not asked for any more are kept", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  const before = store.read();
  // Nobody lists what machine types and databases within instances follow from.
  for (const name of ["networks", "machine_types", "sql_users", "forwarding_rules"]) {
    await store.collect(options(google, { collect: [name] }));
  }
  assert.deepEqual(store.read().nodes, before.nodes);
});

Deno.test("gcp: guests share the projects", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q", "r", "s"]);
  await using store = await makeSaasStore("gcp");
  const { manifest } = pluginOf("gcp");
  assert.equal(manifest.guests?.(manifest.options.parse({ fork: true }), 4), 4);
  const summary = await store.collect(options(google, { fork: true }));
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  const found = store.read().nodes.filter((node) => node.includes("gcp_project "));
  assert.equal(found.length, 4);
});

Deno.test("gcp: lists of many places ask for what can be reached", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  // This one has no such parameter in its description.
  const lists = google.requests.filter((path) =>
    /\/aggregated\/|\/b\?/.test(path) && !path.includes("/notificationEndpoints")
  );
  assert.ok(lists.length > 20);
  for (const path of lists) assert.match(path, /returnPartialSuccess=true/);
});
