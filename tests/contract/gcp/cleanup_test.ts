/** Clean-up through a real guest: the simulated cloud refuses what something else needs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { applyToStore, GuestCloud, type Limits, planStore } from "../../../lib/cleanup/mod.ts";
import { BASE_KINDS, type NodeIdentity } from "../../../lib/model/mod.ts";
import { startChanger } from "../../../lib/sandbox/mod.ts";
import { systemClock } from "../../../lib/sdk/mod.ts";
import {
  allNodes,
  changeFlags,
  openStore,
  type ReadNode,
  type Store,
} from "../../../lib/store/mod.ts";
import { fill } from "../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../support/gcp/fake_google.ts";
import { makeSaasStore, pluginOf, type SaasStore } from "../../support/saas/saas_store.ts";
import { silentLogger } from "../../support/silent_logger.ts";

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

function open(store: SaasStore): Promise<Store> {
  const kinds = [...BASE_KINDS, ...GCP.model.kinds];
  const path = join(store.folder, "store.db");
  return openStore({ path, kinds, mode: "write", now: () => new Date() });
}

function mark(store: Store, wanted: (node: ReadNode) => boolean): void {
  const nodes = [...allNodes(store)].filter(wanted).map((node): NodeIdentity => {
    const { kind, cloud, account, region, zone, id } = node;
    return { kind, cloud, account, region, zone, id, twin: "" };
  });
  changeFlags(store, nodes, { what: "mark", reason: "not needed", rule: "" });
}

async function apply(store: Store, google: FakeGoogle) {
  const plan = planStore(store, LIMITS);
  const clock = { now: () => new Date(), sleep: systemClock.sleep };
  const entry = { entry: GCP, options: GCP.manifest.options.parse(options(google)) };
  await using cloud = new GuestCloud(
    [{ ...entry, seen: { env: {}, files: {} } }],
    store.kinds,
    { startChanger },
    { fork: false, base: BASE, allowHelpers: [], idleMs: 60_000, log: silentLogger },
    clock,
  );
  const { results } = await applyToStore(store, plan, {
    cloud,
    limits: LIMITS,
    poolSize: 5,
    dryRun: false,
    verifyMs: 4_000,
    metrics: { cleanupFinished: () => {}, nodeCleaned: () => {}, cleanupFailed: () => {} },
    log: silentLogger,
    clock,
    signal: new AbortController().signal,
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
