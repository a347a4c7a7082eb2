/** What faults of a server cost: time, or their own scope, and never a node. */
import assert from "node:assert/strict";
import type { FakeEffect, FakeRule } from "../../support/saas/fake_api.ts";
import { faultsOf, makeSaasStore } from "../../support/saas/saas_store.ts";
import { assertCostsNothing, collectWithFaults } from "../../support/saas/with_faults.ts";
import { faultAnswer, startVcenter } from "../../support/vsphere/vcenter.ts";

const ESTATE = { vm: 3, host: 1, "standalone-host": 0 } as const;
const MACHINES = /^RetrievePropertiesEx VirtualMachine$/;
const DATASTORES = /^RetrievePropertiesEx Datastore$/;
const HOSTS = /^RetrievePropertiesEx HostSystem$/;

async function withFaults(rules: readonly FakeRule[]) {
  await using vcenter = await startVcenter(ESTATE);
  const { api, options, trust } = vcenter;
  return await collectWithFaults("vsphere", api, options, rules, trust);
}

function answer(status: number, body: string, headers: Record<string, string> = {}): FakeEffect {
  return { type: "answer", status, body, headers };
}

Deno.test("vSphere: what passes delays the run and costs nothing", async () => {
  assertCostsNothing(
    await withFaults([
      { path: /^RetrieveServiceContent/, first: 1, effect: answer(503, "starting") },
      { path: /^Login/, first: 1, effect: answer(502, "<html>bad gateway</html>") },
      { path: MACHINES, first: 1, effect: answer(503, "", { "retry-after": "20" }) },
      { path: MACHINES, first: 1, effect: { type: "truncate" } },
      { path: DATASTORES, first: 1, effect: answer(200, "") },
      { path: DATASTORES, first: 1, effect: answer(200, "<html>welcome</html>") },
      { path: HOSTS, first: 1, effect: { type: "hang" } },
      { path: /^DestroyView/, effect: answer(500, "oops") },
      { path: /^Logout/, effect: answer(500, "oops") },
    ]),
  );
});

Deno.test("vSphere: what never gets an answer costs its own scope, whose data is kept", async () => {
  const { summary, outcomes, faults } = await withFaults([
    { path: MACHINES, effect: answer(503, "oops") },
    {
      path: DATASTORES,
      effect: faultAnswer("NoPermission", "<privilegeId>System.Read</privilegeId>"),
    },
    { path: HOSTS, effect: answer(200, "<a><b></a></soapenv:Envelope>") },
    { path: /^RetrievePropertiesEx Folder$/, effect: faultAnswer("SystemError") },
  ]);
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(outcomes, {
    "dc1/vsphere_instance": "failed",
    "dc1/vsphere_snapshot": "failed",
    "dc1/vsphere_datastore": "denied",
    "dc1/vsphere_host": "failed",
    "dc1/vsphere_folder": "failed",
  });
  assert.deepEqual(faults, [
    "denied vsphere:RetrievePropertiesEx NoPermission System.Read",
    "failed vsphere:RetrievePropertiesEx 503",
    "failed vsphere:RetrievePropertiesEx NoSoap",
    "failed vsphere:RetrievePropertiesEx SystemError",
  ]);
});

Deno.test("vSphere: a session that is over is renewed, once for all calls", async () => {
  const found = await withFaults([
    { path: /^CreateContainerView/, first: 1, effect: faultAnswer("NotAuthenticated") },
    { path: DATASTORES, first: 1, effect: faultAnswer("NotAuthenticated") },
  ]);
  assertCostsNothing(found);
  assert.equal(found.requests.filter((name) => name.startsWith("Login")).length, 3);
});

Deno.test("vSphere: properties of a session that is over are not taken for unreadable ones", async () => {
  const rewrite = (text: string) =>
    text.replaceAll(/<propSet>.*?<\/propSet>/gs, missing("name", "NotAuthenticated"));
  const found = await withFaults([
    { path: HOSTS, first: 1, effect: { type: "rewrite", rewrite } },
  ]);
  assertCostsNothing(found);
});

Deno.test("vSphere: a list whose session is lost between two pages begins anew", async () => {
  await using vcenter = await startVcenter({ vm: 105, host: 1, "standalone-host": 0 });
  const { api, options, trust } = vcenter;
  const found = await collectWithFaults("vsphere", api, options, [
    { path: /^ContinueRetrieve/, first: 1, effect: faultAnswer("NotAuthenticated") },
  ], trust);
  assertCostsNothing(found);
  assert.equal(found.requests.filter((name) => MACHINES.test(name)).length, 3);
  const lost = await collectWithFaults("vsphere", api, options, [
    { path: /^ContinueRetrieve/, effect: faultAnswer("NotAuthenticated") },
  ], trust);
  assert.deepEqual(lost.outcomes, {
    "dc1/vsphere_instance": "failed",
    "dc1/vsphere_snapshot": "failed",
  });
});

Deno.test("vSphere: an answer without objects is an empty list only where it is empty", async () => {
  const body = (content: string) =>
    `<soapenv:Envelope xmlns:soapenv="e"><soapenv:Body><RetrievePropertiesExResponse>` +
    `${content}</RetrievePropertiesExResponse></soapenv:Body></soapenv:Envelope>`;
  const { outcomes, faults } = await withFaults([
    { path: HOSTS, effect: answer(200, body("<list/>")) },
    { path: DATASTORES, effect: answer(200, body("nothing here")) },
    { path: MACHINES, effect: answer(200, body("").replaceAll("Retrieve", "Cancel")) },
  ]);
  assert.deepEqual(outcomes, {
    "dc1/vsphere_host": "failed",
    "dc1/vsphere_datastore": "failed",
    "dc1/vsphere_instance": "failed",
    "dc1/vsphere_snapshot": "failed",
  });
  assert.deepEqual(
    new Set(faults),
    new Set([
      "failed vsphere:RetrievePropertiesEx NoList",
      "failed vsphere:RetrievePropertiesEx NoSoap",
    ]),
  );
});

Deno.test("vSphere: pages that bring nothing new end the list", async () => {
  await using vcenter = await startVcenter(ESTATE);
  const { api, options, trust } = vcenter;
  const again = (text: string) => text.replace("<returnval>", "<returnval><token>x</token>");
  const body = `<soapenv:Envelope xmlns:soapenv="e"><soapenv:Body>` +
    `<ContinueRetrievePropertiesExResponse><returnval><token>x</token></returnval>` +
    `</ContinueRetrievePropertiesExResponse></soapenv:Body></soapenv:Envelope>`;
  const { faults } = await collectWithFaults("vsphere", api, options, [
    { path: HOSTS, effect: { type: "rewrite", rewrite: again } },
    { path: /^ContinueRetrieve/, effect: answer(200, body) },
  ], trust);
  assert.deepEqual(faults, ["failed vsphere:ContinueRetrievePropertiesEx NoEnd"]);
});

Deno.test("vSphere: a login that is refused loses nothing, says why, and shows no password", async () => {
  await using vcenter = await startVcenter(ESTATE);
  const { api, options, trust } = vcenter;
  await using store = await makeSaasStore("vsphere", trust);
  await store.collect(options);
  const before = store.read().nodes;
  for (
    const [given, why] of [
      [{ ...options, password: "wr0ng" }, /InvalidLogin.*Check --vsphere-user/],
      [{ ...options, password: undefined }, /password is missing/],
      [{ ...options, host: undefined }, /host is missing/],
    ] as const
  ) {
    const summary = await store.collect(given);
    assert.equal(summary.exitCode, 1);
    assert.match(JSON.stringify(summary.collectors), why);
    assert.doesNotMatch(JSON.stringify(summary), /wr0ng|s3cr3t/);
    assert.deepEqual(store.read().nodes, before);
  }
  const noPermission = faultAnswer("NoPermission", "<privilegeId>System.View</privilegeId>");
  api.setRules([{ path: /^Login/, effect: noPermission }]);
  const denied = await store.collect(options);
  assert.match(JSON.stringify(denied.collectors), /Read-only/);
  api.setRules([{ path: /./, effect: answer(200, "<html>a router</html>") }]);
  assert.match(JSON.stringify((await store.collect(options)).collectors), /NoSoap/);
  api.setRules([{ path: /./, effect: answer(302, "", { location: "https://evil.test/" }) }]);
  assert.match(JSON.stringify((await store.collect(options)).collectors), /no vSphere/);
  assert.deepEqual(store.read().nodes, before);
});

function missing(path: string, type: string): string {
  return `<missingSet><path>${path}</path><fault><fault xsi:type="${type}">` +
    `<privilegeId>System.Read</privilegeId></fault><localizedMessage>no</localizedMessage></fault>` +
    `</missingSet>`;
}

/** Makes properties of the first object unreadable. */
function unreadable(...paths: readonly string[]): FakeEffect {
  return {
    type: "rewrite",
    rewrite: (text) => {
      const [head = "", first = "", ...rest] = text.split("<objects>");
      const spoiled = paths.reduce(
        (object, path) =>
          object.replace(new RegExp(`<propSet><name>${path}</name>.*?</propSet>`, "s"), "")
            .replace("</objects>", `${missing(path, "NoPermission")}</objects>`),
        first,
      );
      return [head, spoiled, ...rest].join("<objects>");
    },
  };
}

Deno.test("vSphere: properties that cannot be read keep their values, and cost no other", async () => {
  const { summary, outcomes, faults, after } = await withFaults([
    {
      path: MACHINES,
      first: 1,
      effect: unreadable(
        "name",
        "customValue",
        "config.instanceUuid",
        "runtime.host",
        "runtime.powerState",
        "config.hardware.numCPU",
      ),
    },
  ]);
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(outcomes, { "dc1/vsphere_instance": "partial" });
  assert.deepEqual(faults, ["partial vsphere:RetrievePropertiesEx NoPermission System.Read"]);
  assert.deepEqual(after.stale, []);
});

Deno.test("vSphere: what may be a template or have snapshots leaves its list open", async () => {
  const machines = await withFaults([
    { path: MACHINES, first: 1, effect: unreadable("summary.config.template") },
  ]);
  assert.deepEqual(machines.outcomes, { "dc1/vsphere_instance": "denied" });
  assert.equal(machines.after.stale.length, 1);
  // The second look at machines is the one for snapshots.
  const whole: FakeEffect = { type: "rewrite", rewrite: (text) => text };
  const trees = await withFaults([
    { path: MACHINES, first: 1, effect: whole },
    { path: MACHINES, effect: unreadable("snapshot.rootSnapshotList") },
  ]);
  assert.deepEqual(trees.outcomes, { "dc1/vsphere_snapshot": "denied" });
});

Deno.test("vSphere: custom attributes without names keep what was known of them", async () => {
  await using vcenter = await startVcenter(ESTATE);
  const { api, options, trust, admin } = vcenter;
  await using store = await makeSaasStore("vsphere", trust);
  await store.collect(options);
  const machine = store.read().nodes.find((node) => node.includes(" vsphere_instance "));
  await admin.setTag(`VirtualMachine ${machine?.split(" ")[2]}`, "owner", "lisa");
  const { outcomes, faults } = await collectWithFaults("vsphere", api, options, [
    { path: /^RetrievePropertiesEx CustomFieldsManager/, effect: faultAnswer("NoPermission") },
  ], trust);
  assert.deepEqual(outcomes, { "dc1/vsphere_instance": "partial" });
  assert.deepEqual(faults, ["partial vsphere:RetrievePropertiesEx NoPermission System.View"]);
});

Deno.test("vSphere: a bad record costs no other", async () => {
  const spoil = (rewrite: (text: string) => string): FakeEffect => ({ type: "rewrite", rewrite });
  const { outcomes, after } = await withFaults([
    {
      path: MACHINES,
      first: 1,
      effect: spoil((text) =>
        text.replace(/(memoryMB<\/name><val [^>]*>)[^<]*/, "$1many")
          .replace(/(createDate<\/name><val [^>]*>)[^<]*/, "$1yesterday")
      ),
    },
    { path: DATASTORES, effect: spoil((text) => text.replace(/<obj [^>]*>[^<]*<\/obj>/, "")) },
  ]);
  assert.deepEqual(outcomes, {
    "dc1/vsphere_datastore": "failed",
    "dc1/vsphere_instance": "partial",
  });
  assert.equal(after.stale.length, 1);
});

Deno.test("vSphere: a machine that is destroyed is gone, and no fault", async () => {
  await using vcenter = await startVcenter(ESTATE);
  const { options, trust, admin } = vcenter;
  await using store = await makeSaasStore("vsphere", trust);
  await store.collect(options);
  const [first] = store.read().nodes.filter((node) => node.includes(" vsphere_instance "));
  const machine = `VirtualMachine ${first?.split(" ")[2]}`;
  await admin.task("PowerOffVM_Task", machine);
  await admin.task("Destroy_Task", machine);
  const summary = await store.collect(options);
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  assert.equal(store.read().nodes.includes(first ?? ""), false);
});
