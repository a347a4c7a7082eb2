/** Clean-up through a real guest: the simulated cloud refuses what something else needs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Limits, planStore } from "../../../lib/cleanup/mod.ts";
import type { Store } from "../../../lib/store/mod.ts";
import { applyByGuest, mark, openCollected } from "../../support/clean_guest.ts";
import { fill } from "../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../support/gcp/fake_google.ts";
import { makeSaasStore, pluginOf, type SaasStore } from "../../support/saas/saas_store.ts";

const GCP = pluginOf("gcp");
const BASE = new URL("../../support/fast_saas/main.ts", import.meta.url).href;
const LIMITS: Limits = {
  accounts: [],
  denyAccounts: [],
  cap: { form: "none" },
  maxAgeMs: 1e15,
  trustUnknown: false,
};

function options(google: FakeGoogle) {
  return { service_account: [google.key("worker@p.test")], endpoint_url: google.endpoints };
}

function open({ folder }: SaasStore): Promise<Store> {
  return openCollected(join(folder, "store.db"), GCP);
}

async function apply(store: Store, google: FakeGoogle) {
  const plan = planStore(store, LIMITS);
  const { results } = await applyByGuest(store, plan, LIMITS, {
    entry: GCP,
    options: options(google),
    base: BASE,
  });
  return { refusals: plan.plan.refusals, results };
}

Deno.test("gcp clean-up: a whole project goes, in an order that Google takes", async () => {
  await using google = await startGoogle();
  google.behaviour = { ...google.behaviour, dependent: true };
  fill(google);
  const off = google.state.find("compute", "instances", {
    project: "p",
    zone: "us-east1-b",
    instance: "off",
  });
  if (off !== undefined) off.raw = { ...off.raw, deletionProtection: false };
  const [kept] = google.state.in("firestore", ["projects.databases"], {
    name: "projects/p/databases/kept",
  });
  if (kept !== undefined) {
    kept.raw = { ...kept.raw, deleteProtectionState: "DELETE_PROTECTION_DISABLED" };
  }
  await using collected = await makeSaasStore("gcp");
  await collected.collect(options(google));
  using store = await open(collected);
  const deletable = new Set(
    GCP.model.kinds.filter(({ changes }) => changes?.includes("delete")).map(({ name }) => name),
  );
  mark(store, ({ kind }) => deletable.has(kind));
  const { refusals, results } = await apply(store, google);
  assert.deepEqual(refusals, []);
  const wrong = results.filter(({ outcome }) =>
    !["cleaned", "already_gone", "goes_with_parent"].includes(outcome)
  );
  assert.deepEqual(wrong.map(({ kind, outcome, why }) => [kind, outcome, why]), []);
  const left = google.state.in("compute", google.state.collections, {})
    .filter(({ collection }) =>
      !/^(regions|zones|(region)?\w*Types|interconnectLocations|\w+(Operations|Commitments))$/
        .test(collection)
    );
  assert.deepEqual(left.map(({ collection }) => collection), []);
});

Deno.test("gcp clean-up: what is protected, default, or changed since is left alone", async () => {
  await using google = await startGoogle();
  fill(google);
  google.state.put("compute", "networks", { project: "p", network: "default" }, {});
  await using collected = await makeSaasStore("gcp");
  await collected.collect(options(google));
  using store = await open(collected);
  const wanted = ["off", "default", "loose", "golden"];
  mark(store, ({ name }) => wanted.includes(name));
  const disk = google.state.find("compute", "disks", {
    project: "p",
    zone: "us-east1-b",
    disk: "loose",
  });
  if (disk !== undefined) disk.raw = { ...disk.raw, labels: { keep: "yes" } };
  const { refusals, results } = await apply(store, google);
  const refused = refusals.map(({ name, guard }) => `${name} ${guard}`).sort();
  assert.deepEqual(refused, ["default unsupported", "off unsupported"]);
  const outcomes = results.map(({ name, outcome }) => `${name} ${outcome}`).sort();
  assert.ok(outcomes.includes("golden cleaned"));
  assert.ok(outcomes.includes("loose refused"));
  assert.ok(google.state.in("compute", ["disks"], {}).some((each) => each === disk));
});
