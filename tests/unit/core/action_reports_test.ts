import assert from "node:assert/strict";
import { ActionReports } from "../../../lib/core/action_reports.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { settle } from "../../support/until.ts";

interface Told {
  readonly kind: string;
  readonly data: {
    readonly message?: string;
    readonly progress?: Readonly<Record<string, unknown>>;
  };
}

function stage() {
  const clock = new ManualClock();
  const told: Told[] = [];
  const state = { isOpen: true };
  const action = { messageType: "collect", task: "t", step: "collect", data: {} };
  const reports = new ActionReports(action, clock, (text) => {
    if (state.isOpen) told.push(JSON.parse(text));
    return state.isOpen;
  });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      clock.advance(100);
      await settle();
    }
  };
  const progress = () => told.map(({ data }) => data.progress);
  return { clock, told, state, reports, pass, progress };
}

Deno.test("ActionReports tells of each part its last state only, a few in a second", async () => {
  const it = stage();
  for (let current = 0; current <= 100; current++) {
    it.reports.progress({ name: "eu", path: ["aws", "1"], current, total: 100 });
    it.reports.progress({ name: "us", path: ["aws", "1"], current, total: 100 });
  }
  await it.pass(1_000);
  assert.deepEqual(it.progress(), [
    { kind: "progress", name: "eu", path: ["aws", "1"], current: 0, total: 100 },
    { kind: "progress", name: "eu", path: ["aws", "1"], current: 100, total: 100 },
    { kind: "progress", name: "us", path: ["aws", "1"], current: 100, total: 100 },
  ]);
  assert.deepEqual(it.clock.asleep, []);
});

Deno.test("ActionReports puts figures right that a core refuses", async () => {
  const it = stage();
  const figures = [[1, 0], [5, 2], [-1, 3], [NaN, NaN], [1.7, 2.9]] as const;
  for (const [current, total] of figures) {
    it.reports.progress({ name: `${current}/${total}`, current, total });
  }
  await it.pass(2_000);
  assert.deepEqual(it.progress().map((one) => [one?.["current"], one?.["total"]]), [
    [1, 1],
    [2, 2],
    [0, 3],
    [0, 1],
    [1, 2],
  ]);
});

Deno.test("ActionReports keeps what there is no socket for, and drops lines beyond a bound", async () => {
  const it = stage();
  it.state.isOpen = false;
  it.reports.progress({ name: "a", current: 0, total: 1 });
  for (let i = 0; i < 80; i++) it.reports.info("info", `${i}`);
  await it.pass(1_000);
  it.state.isOpen = true;
  await it.pass(600);
  assert.deepEqual(it.told.map(({ data }) => data.message), ["0", "1"]);
  it.reports.finish();
  assert.equal(it.told.length, 50);
  it.reports.info("error", "late");
  it.reports.progress({ name: "late", current: 0, total: 1 });
  assert.equal(it.told.length, 50);
  await settle();
  assert.deepEqual(it.clock.asleep, []);
});
