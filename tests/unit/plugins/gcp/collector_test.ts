/** The collector in this process, against the simulated cloud. */
import assert from "node:assert/strict";
import { thisGcpMachine } from "../../../../plugins/gcp/access/machine.ts";
import { createCollector } from "../../../../plugins/gcp/collector.ts";
import { readMapping } from "../../../../lib/sdk/mod.ts";
import mapping from "../../../../plugins/gcp/mapping.json" with { type: "json" };
import { type GcpOptions, options } from "../../../../plugins/gcp/options.ts";
import { FakeContext, type FakeContextOptions } from "../../../support/fake_context.ts";
import { fill } from "../../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../../support/gcp/fake_google.ts";
import { until } from "../../../support/until.ts";

async function collect(
  google: FakeGoogle,
  given: object = {},
  more: Partial<FakeContextOptions<GcpOptions>> = {},
): Promise<FakeContext<GcpOptions>> {
  const context = new FakeContext({
    ...more,
    options: options.parse({
      service_account: [google.key("worker@p.test")],
      endpoint_url: google.endpoints,
      ...given,
    }),
  });
  const machine = { ...thisGcpMachine, env: () => undefined };
  await createCollector(readMapping(mapping), machine).collect(context);
  return context;
}

Deno.test("gcp collector: tells the projects of each identity, and what filters leave out", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  const all = await collect(google, { collect: ["buckets"] });
  assert.deepEqual(all.accountReports, [{
    complete: true,
    source: "worker@p.test",
    accounts: [{ id: "p", name: "Project p" }, { id: "q", name: "Project q" }],
    skipped: [],
    unfiltered: false,
    filters: ["kinds"],
  }]);
  const some = await collect(google, { project: ["q"], collect: ["buckets"] });
  assert.deepEqual(some.accountReports[0]?.accounts, [{ id: "q", name: "Project q" }]);
  assert.deepEqual(some.accountReports[0]?.skipped, [{ id: "p", reason: "not in --gcp-project" }]);
  assert.deepEqual(some.accountReports[0]?.filters, ["accounts", "kinds"]);
});

Deno.test("gcp collector: names the kinds of which regions without a scope hold nothing", async () => {
  await using google = await startGoogle();
  fill(google);
  const { regionReports } = await collect(google, { collect: ["routers", "buckets"] });
  assert.deepEqual(regionReports.map(({ account }) => account), ["p"]);
  assert.deepEqual([...regionReports[0]?.listed ?? []].sort(), [
    "gcp_bucket",
    "gcp_router",
    "gcp_zone",
  ]);
});

Deno.test("gcp collector: a run that goes on asks for what it needs and no more", async () => {
  await using google = await startGoogle();
  fill(google);
  const done = ["gcp_project", "gcp_region", "gcp_zone", "gcp_instance", "gcp_disk", "gcp_bucket"];
  const context = await collect(google, {}, {
    resumed: ({ resource }) => done.includes(resource),
  });
  assert.ok(context.scopes.every(({ scope }) => !done.includes(scope.resource)));
  assert.equal(google.requests.filter((path) => path.includes("/storage/")).length, 0);
  // What instances name follows from their list, so that is read again.
  assert.equal(context.nodes("gcp_machine_type").length, 2);
  assert.equal(context.nodes("gcp_database").length, 1);
});

Deno.test("gcp collector: a stop ends it in the middle of a call", async () => {
  await using google = await startGoogle();
  fill(google);
  google.setRules([{ path: /aggregated\/disks/, effect: { type: "hang" } }]);
  const stop = new AbortController();
  const running = collect(google, { collect: ["disks"] }, { signal: stop.signal });
  const isAsked = () => google.requests.some((path) => path.includes("aggregated/disks"));
  await until(isAsked, "disks are asked for");
  stop.abort(new Error("stopped"));
  await assert.rejects(running, /stopped/);
});

Deno.test("gcp collector: its calls are counted for the project that they are for", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  const { calls } = await collect(google, { collect: ["buckets"] });
  const listed = calls.filter(({ call }) => call === "storage:buckets.list");
  assert.deepEqual(listed.map(({ account }) => account).sort(), ["p", "q"]);
});
