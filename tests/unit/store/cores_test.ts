import assert from "node:assert/strict";
import {
  cloudsAtCore,
  pendingUploads,
  readCoverage,
  recordAdoption,
  recordCoverage,
  recordUpload,
  type Store,
  type UploadEnd,
} from "../../../lib/store/mod.ts";
import { begin, finish, openTest, temporaryFolder } from "../../support/store.ts";

const TARGET = { uri: "http://core:8900", graph: "ck" };

function runOf(store: Store, id: string, clouds: readonly string[], isFinished = true): void {
  const start = { startedAt: store.options.now(), collectors: [id], version: "0.0.0" };
  const writer = store.beginRun({ ...start, id, clouds });
  if (isFinished) finish(writer);
}

function end(store: Store, run: string, ends: Readonly<Record<string, UploadEnd>>): void {
  recordUpload(store, TARGET, run, new Map(Object.entries(ends)));
}

Deno.test("pendingUploads() names the last finished run of each cloud until the core took it", async () => {
  using store = await openTest();
  assert.deepEqual(pendingUploads(store, TARGET), []);
  runOf(store, "r1", ["sea", "sky"]);
  assert.deepEqual(pendingUploads(store, TARGET), [
    { run: "r1", clouds: ["sea", "sky"], refused: [] },
  ]);
  runOf(store, "r2", ["sky"]);
  assert.deepEqual(pendingUploads(store, TARGET), [
    { run: "r1", clouds: ["sea"], refused: [] },
    { run: "r2", clouds: ["sky"], refused: [] },
  ]);
  end(store, "r1", { sea: { end: "accepted", level: "account", whole: false } });
  end(store, "r2", { sky: { end: "idle" } });
  assert.deepEqual(pendingUploads(store, TARGET), []);
  assert.equal(pendingUploads(store, { ...TARGET, graph: "other" }).length, 2);
  assert.equal(pendingUploads(store, { ...TARGET, uri: "http://other" }).length, 2);
  runOf(store, "r3", ["sky"]);
  assert.deepEqual(pendingUploads(store, TARGET), [{ run: "r3", clouds: ["sky"], refused: [] }]);
});

Deno.test("pendingUploads() passes over a run that was interrupted", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  {
    using store = await openTest({ path });
    runOf(store, "r1", ["sky"]);
    runOf(store, "r2", ["sky"], false);
  }
  using store = await openTest({ path });
  assert.deepEqual(pendingUploads(store, TARGET), [{ run: "r1", clouds: ["sky"], refused: [] }]);
});

Deno.test("recordUpload() keeps what failed until a success, and the last success before", async () => {
  using store = await openTest();
  runOf(store, "r1", ["sky"]);
  end(store, "r1", { sky: { end: "accepted", level: "region", whole: false } });
  runOf(store, "r2", ["sky"]);
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
  end(store, "r2", { sky: { end: "accepted", level: "cloud", whole: true } });
  const [after] = cloudsAtCore(store, TARGET);
  assert.equal(after?.failure, undefined);
  assert.deepEqual([after?.acceptedRun, after?.adoptedRun], ["r2", "r2"]);
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
