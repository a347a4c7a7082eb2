import assert from "node:assert/strict";
import { Reconnect } from "../../../lib/core/mod.ts";
import { CoreRejectedError, CoreUnreachableError } from "../../../lib/errors/mod.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { RecordingLogger } from "../../support/recording_logger.ts";
import { settle } from "../../support/until.ts";

/** Attempts that end as the test says: with an error, or well. */
function stage() {
  const clock = new ManualClock();
  const log = new RecordingLogger();
  const link = new Reconnect({ subject: "test", clock, log });
  const outcomes: (Error | "ok")[] = [];
  const stop = new AbortController();
  let attempts = 0;
  const connect = () =>
    link.connect(() => {
      attempts++;
      const outcome = outcomes.shift() ?? new CoreUnreachableError("gone");
      return outcome === "ok" ? Promise.resolve("socket") : Promise.reject(outcome);
    }, stop.signal);
  return {
    clock,
    log,
    link,
    outcomes,
    stop,
    connect,
    attempts: () => attempts,
    /** How long each wait is until there is no more. */
    async waits(count: number): Promise<readonly number[]> {
      const waits: number[] = [];
      for (let i = 0; i < count; i++) {
        await settle();
        const [wait = -1] = clock.asleep;
        waits.push(wait);
        clock.advance(wait);
      }
      await settle();
      return waits;
    },
  };
}

function status(code: number): CoreRejectedError {
  return new CoreRejectedError(code, `status ${code}`);
}

Deno.test("Reconnect waits longer each time, up to a cap, and says it once", async () => {
  const it = stage();
  const connected = it.connect();
  assert.deepEqual(await it.waits(7), [375, 750, 1_500, 3_000, 6_000, 7_500, 7_500]);
  it.outcomes.push("ok");
  await it.waits(1);
  await connected;
  assert.equal(it.attempts(), 9);
  assert.deepEqual(it.log.seen, ["warn core.link.unreachable", "info core.link.connected"]);
  assert.deepEqual(it.clock.asleep, []);
});

Deno.test("Reconnect tries a refused token once more at once, then slowly, with one error", async () => {
  const it = stage();
  it.outcomes.push(status(401), status(401), status(401), status(401), "ok");
  const connected = it.connect();
  assert.deepEqual(await it.waits(4), [0, 22_500, 22_500, 22_500]);
  await connected;
  assert.deepEqual(it.log.seen, ["error core.link.unauthorized", "info core.link.connected"]);
  assert.match(it.log.all.find(({ level }) => level === "error")?.message ?? "", /--psk/);
});

Deno.test("Reconnect says nothing about a token that is refused once", async () => {
  const it = stage();
  it.outcomes.push(status(401), "ok");
  const connected = it.connect();
  await it.waits(1);
  await connected;
  assert.deepEqual(it.log.seen, ["info core.link.connected"]);
});

Deno.test("Reconnect names the flag when a subscriber id stays taken for a minute", async () => {
  const it = stage();
  for (let i = 0; i < 14; i++) it.outcomes.push(status(429));
  it.outcomes.push("ok");
  const connected = it.connect();
  await it.waits(14);
  await connected;
  assert.deepEqual(it.log.seen, [
    "info core.link.taken",
    "error core.link.contested",
    "info core.link.connected",
  ]);
  const { message = "" } = it.log.all.find(({ level }) => level === "error") ?? {};
  assert.match(
    message,
    /Another worker uses this subscriber id.*--ckcore-subscriber-id.*--subscriber-id/,
  );
});

Deno.test("Reconnect says each other refusal with its reason, and waits as the core asks", async () => {
  const it = stage();
  const busy = new CoreUnreachableError("shutting down", { retryAfterMs: 5_000 });
  it.outcomes.push(status(404), status(404), busy, "ok");
  const connected = it.connect();
  assert.deepEqual(await it.waits(3), [375, 750, 5_000]);
  await connected;
  assert.deepEqual(it.log.seen, [
    "error core.link.refused",
    "warn core.link.unreachable",
    "info core.link.connected",
  ]);
  assert.equal(it.link.snapshot().lastError, "shutting down");
});

Deno.test("Reconnect backs off from connections that end at once, not from those that were of use", async () => {
  const it = stage();
  for (let i = 0; i < 3; i++) {
    it.outcomes.push("ok");
    it.link.lost(await it.connect(), { useful: true, ours: false, reason: "closed" });
    assert.equal(it.link.snapshot().connected, true);
  }
  it.outcomes.push("ok", "ok", "ok");
  it.link.lost(await it.connect(), { useful: false, ours: false, reason: "closed" });
  assert.equal(it.link.snapshot().connected, false);
  const second = it.connect();
  assert.deepEqual(await it.waits(1), [375]);
  it.link.lost(await second, { useful: false, ours: false, reason: "closed" });
  const third = it.connect();
  assert.deepEqual(await it.waits(1), [750]);
  it.clock.advance(5_000);
  it.link.lost(await third, { useful: false, ours: false, reason: "closed" });
  it.outcomes.push("ok");
  await it.connect();
  assert.deepEqual(it.log.seen, [
    "info core.link.connected",
    "warn core.link.short",
    "info core.link.connected",
  ]);
  assert.equal(it.link.snapshot().reconnects, 6);
});

Deno.test("Reconnect lets one of many try while the core is away, and all when it is back", async () => {
  const it = stage();
  const all = Promise.all([it.connect(), it.connect(), it.connect(), it.connect()]);
  await settle();
  assert.equal(it.attempts(), 4);
  assert.deepEqual(await it.waits(2), [375, 750]);
  assert.equal(it.attempts(), 6);
  it.outcomes.push("ok", "ok", "ok", "ok");
  await it.waits(1);
  await all;
  assert.equal(it.attempts(), 10);
});

Deno.test("Reconnect limits an attempt that hangs", async () => {
  const clock = new ManualClock();
  const link = new Reconnect({ subject: "test", clock, log: new RecordingLogger() });
  const stop = new AbortController();
  const hung = link.connect((signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    }), stop.signal);
  await settle();
  clock.advance(60_000);
  await settle();
  assert.match(link.snapshot().lastError ?? "", /did not answer in time/);
  stop.abort(new Error("stopped"));
  await assert.rejects(hung, /stopped/);
  assert.deepEqual(clock.asleep, []);
});

Deno.test("Reconnect stops in the middle of a wait, and passes a bug on", async () => {
  const it = stage();
  const waiting = [it.connect(), it.connect()];
  await settle();
  it.stop.abort(new Error("stopped"));
  for (const one of waiting) await assert.rejects(one, /stopped/);
  assert.deepEqual(it.clock.asleep, []);
  await assert.rejects(it.connect(), /stopped/);
  const other = stage();
  other.outcomes.push(new TypeError("bug"));
  await assert.rejects(other.connect(), TypeError);
});
