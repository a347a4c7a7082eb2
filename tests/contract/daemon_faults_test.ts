import assert from "node:assert/strict";
import { startDaemonHere } from "../support/daemon_here.ts";
import { SUBSCRIBER } from "../support/daemon_binary.ts";
import { assertGood, collectAt, idsAt } from "../support/daemon_core.ts";
import {
  type CoreDialect,
  type FakeCore,
  type Fault,
  type FaultMatch,
  type MessageEffect,
  type RequestEffect,
  type SeenRequest,
  startFakeCore,
} from "../support/fake_core.ts";
import { SmallSky } from "../support/small_sky.ts";

/** A request that a worker makes. */
interface Call {
  readonly name: string;
  readonly match: FaultMatch;
  readonly dialects: readonly CoreDialect[];
}

const BOTH: readonly CoreDialect[] = ["ckcore", "fixcore"];
const CALLS: readonly Call[] = [
  { name: "generation", match: { path: "/.well-known/jwks.json" }, dialects: BOTH },
  { name: "subscribe", match: { method: "POST", path: /\/collect$/ }, dialects: BOTH },
  { name: "actions", match: { path: /\/handle$/ }, dialects: BOTH },
  { name: "queue", match: { path: "/work/queue" }, dialects: BOTH },
  { name: "graph", match: { method: "POST", path: /^\/graph\/(ck|fix)$/ }, dialects: BOTH },
  { name: "model", match: { method: "PATCH", path: /model$/ }, dialects: BOTH },
  { name: "merge", match: { method: "POST", path: /\/merge$/ }, dialects: BOTH },
  { name: "config", match: { method: "GET", path: "/config/fix.worker" }, dialects: ["fixcore"] },
  { name: "events", match: { path: "/events" }, dialects: ["fixcore"] },
];
const EFFECTS: Readonly<Record<string, RequestEffect>> = {
  "answers 500": { type: "answer", status: 500 },
  "answers 503": { type: "answer", status: 503, headers: { "retry-after": "1" } },
  "is cut": { type: "cut" },
  "is cut in its body": { type: "cut", after: 100 },
  "is answered in part": { type: "truncate", bytes: 3 },
  "is never answered": { type: "silence" },
  "is held": { type: "hold" },
};

for (const { name, match, dialects } of CALLS) {
  for (const dialect of dialects) {
    Deno.test(`daemon at ${dialect}: recovers from each fault of the call ${name}`, async (t) => {
      for (const [what, effect] of Object.entries(EFFECTS)) {
        await t.step(`that ${what}`, () => recovers(dialect, match, effect));
      }
    });
  }
}

/** A worker whose first such call goes wrong does its next collect as if nothing had been. */
async function recovers(dialect: CoreDialect, match: FaultMatch, effect: RequestEffect) {
  await using core = await startFakeCore({
    dialect,
    faults: [{ on: "request", match: { ...match, nth: 1 }, effect }],
  });
  const sky = new SmallSky();
  await using daemon = startDaemonHere({ core, script: sky.script, dialect: "auto" });
  const connected = untilConnected(core);
  await unblock(core, match, effect, connected);
  const first = connected.then(() => core.runStep("collect", { timeoutMs: 10_000 }));
  await unblock(core, match, effect, first);
  assert.equal((await first).outcome, "finished");
  assert.ok(core.requests.some((request) => fits(match, request)), "the call was made");
  await untilConnected(core);
  sky.disks.set("d3", 1).delete("d1");
  await collectAt(core);
  assert.deepEqual(idsAt(core, "sky_disk"), ["d2", "d3"]);
  assert.equal(await daemon.stop(), 0);
}

function untilConnected(core: FakeCore): Promise<void> {
  return core.until(() => core.isConnected(SUBSCRIBER[core.dialect]));
}

/** What hangs meanwhile goes on, or ends as with a core that restarts. */
async function unblock(
  core: FakeCore,
  match: FaultMatch,
  { type }: RequestEffect,
  work: Promise<unknown>,
): Promise<void> {
  if (type !== "hold" && type !== "silence") return void await work;
  let done = false;
  const ended = work.then(() => done = true, () => done = true);
  const hangs = () => core.requests.some((each) => fits(match, each) && each.status === undefined);
  await Promise.race([
    ended,
    core.until(() => done || (hangs() && (type !== "hold" || core.held > 0))),
  ]);
  if (done) return;
  if (type === "hold") core.release();
  else core.cut();
}

function fits({ method, path = "" }: FaultMatch, seen: SeenRequest): boolean {
  if (method !== undefined && method !== seen.method) return false;
  return typeof path === "string" ? path === seen.path : path.test(seen.path);
}

const MESSAGES: Readonly<Record<string, MessageEffect>> = {
  "is lost": { type: "ignore" },
  "is cut off": { type: "cut" },
  "is followed by a cut": { type: "cut_after" },
  "is answered by a close": { type: "close", code: 1011 },
};

for (const dialect of BOTH) {
  Deno.test(`daemon at ${dialect}: recovers from each fault of an answer`, async (t) => {
    for (const [what, effect] of Object.entries(MESSAGES)) {
      await t.step(`that ${what}`, async () => {
        const fault: Fault = { on: "message", match: { text: "action_done", nth: 1 }, effect };
        await using core = await startFakeCore({ dialect, faults: [fault] });
        const sky = new SmallSky();
        await using daemon = startDaemonHere({ core, script: sky.script });
        await untilConnected(core);
        // Nobody tells a worker that a message was lost on a socket that stays open.
        const isLost = effect.type === "ignore" && dialect === "fixcore";
        const step = await core.runStep("collect", { timeoutMs: isLost ? 500 : 10_000 });
        assert.equal(step.outcome, isLost ? "timed_out" : "finished");
        assert.equal(sky.runs, 1);
        await collectAt(core);
        assert.deepEqual([sky.runs, sky.most], [2, 1]);
        assertGood(core);
        assert.equal(await daemon.stop(), 0);
      });
    }
  });
}

for (const effect of [EFFECTS["answers 500"], EFFECTS["is cut"], EFFECTS["is never answered"]]) {
  Deno.test(`daemon at ckcore: ends although its leave ${JSON.stringify(effect)}`, async () => {
    if (effect === undefined) throw new Error("no such effect");
    const fault: Fault = { on: "request", match: { method: "DELETE" }, effect };
    await using core = await startFakeCore({ dialect: "ckcore", faults: [fault] });
    const sky = new SmallSky();
    await using first = startDaemonHere({ core, script: sky.script });
    await untilConnected(core);
    assert.equal(await first.stop(), 0);
    assert.equal(first.log.count(/warn core\.actions\.unsubscribe/), 2);
    await core.until(() => !core.isConnected(SUBSCRIBER.ckcore));
    await using next = startDaemonHere({ core, script: sky.script });
    await untilConnected(core);
    await collectAt(core);
    core.setFaults([]);
    assert.equal(await next.stop(), 0);
  });
}
