import assert from "node:assert/strict";
import {
  cloudsAtCore,
  pendingUploads,
  readCoverage,
  recordAdoption,
  recordCoverage,
  recordDue,
  recordUpload,
  type Store,
  type UploadEnd,
} from "../../../lib/store/mod.ts";
import { begin, finish, openTest } from "../../support/store.ts";

const TARGET = { uri: "http://core:8900", graph: "ck" };

function runOf(store: Store, id: string, clouds: readonly string[]): void {
  const start = { startedAt: store.options.now(), collectors: [id], version: "0.0.0" };
  const writer = store.beginRun({ ...start, id, clouds });
  finish(writer);
}

function end(store: Store, run: string, ends: Readonly<Record<string, UploadEnd>>): void {
  recordUpload(store, TARGET, run, new Map(Object.entries(ends)));
}

function runFor(store: Store, id: string, clouds: readonly string[]): void {
  runOf(store, id, clouds);
  recordDue(store, TARGET, clouds, id);
}

Deno.test("pendingUploads() names the last run of each cloud for a core until the core took it", async () => {
  using store = await openTest();
  assert.deepEqual(pendingUploads(store, TARGET), []);
  runFor(store, "r1", ["sea", "sky"]);
  assert.deepEqual(pendingUploads(store, TARGET), [
    { run: "r1", clouds: ["sea", "sky"], refused: [] },
  ]);
  runFor(store, "r2", ["sky"]);
  assert.deepEqual(pendingUploads(store, TARGET), [
    { run: "r1", clouds: ["sea"], refused: [] },
    { run: "r2", clouds: ["sky"], refused: [] },
  ]);
  end(store, "r1", { sea: { end: "accepted", level: "account" } });
  end(store, "r2", { sky: { end: "idle" } });
  assert.deepEqual(pendingUploads(store, TARGET), []);
  runFor(store, "r3", ["sky"]);
  assert.deepEqual(pendingUploads(store, TARGET), [{ run: "r3", clouds: ["sky"], refused: [] }]);
});

Deno.test("pendingUploads() passes over runs that were not made for the core", async () => {
  using store = await openTest();
  runOf(store, "r1", ["sky"]);
  assert.deepEqual(pendingUploads(store, TARGET), []);
  runFor(store, "r2", ["sky"]);
  runOf(store, "r3", ["sky"]);
  assert.deepEqual(pendingUploads(store, TARGET), [{ run: "r2", clouds: ["sky"], refused: [] }]);
  assert.deepEqual(pendingUploads(store, { ...TARGET, graph: "other" }), []);
  assert.deepEqual(pendingUploads(store, { ...TARGET, uri: "http://other" }), []);
});

Deno.test("recordUpload() keeps what failed until a success, and the last success before", async () => {
  using store = await openTest();
  runOf(store, "r1", ["sky"]);
  end(store, "r1", { sky: { end: "accepted", level: "region" } });
  runFor(store, "r2", ["sky"]);
  end(store, "r2", { sky: { end: "failed", text: "refused it", refused: true } });
  assert.deepEqual(pendingUploads(store, TARGET), [{
    run: "r2",
    clouds: ["sky"],
    refused: ["sky"],
  }]);
  const [sky] = cloudsAtCore(store, TARGET);
  assert.deepEqual([sky?.acceptedRun, sky?.level, sky?.adoptedRun], ["r1", "region", undefined]);
  assert.deepEqual([sky?.failure?.run, sky?.failure?.text], ["r2", "refused it"]);
  end(store, "r2", { sky: { end: "failed", text: "not there", refused: false } });
  assert.deepEqual(pendingUploads(store, TARGET)[0]?.refused, []);
  end(store, "r2", { sky: { end: "accepted", level: "cloud" } });
  const [after] = cloudsAtCore(store, TARGET);
  assert.equal(after?.failure, undefined);
  assert.deepEqual([after?.acceptedRun, after?.level], ["r2", "cloud"]);
});

Deno.test("recordAdoption() is of one core and one cloud", async () => {
  using store = await openTest();
  runOf(store, "r1", ["sea", "sky"]);
  recordAdoption(store, TARGET, "sky", "r1");
  assert.deepEqual(cloudsAtCore(store, TARGET), [{ cloud: "sky", adoptedRun: "r1" }]);
  assert.deepEqual(cloudsAtCore(store, { ...TARGET, graph: "x" }), []);
});

Deno.test("recordCoverage() gives back what a run found out about its accounts", async () => {
  using store = await openTest();
  finish(begin(store, "r1"));
  const coverage = [
    { cloud: "sea", complete: true, filters: [], broken: false, blind: [] },
    {
      cloud: "sky",
      complete: false,
      filters: ["accounts", "kinds"],
      broken: true,
      blind: ["2"],
    },
  ] as const;
  recordCoverage(store, "r1", coverage);
  assert.deepEqual(readCoverage(store, "r1"), coverage);
  assert.deepEqual(readCoverage(store, "r2"), []);
});
