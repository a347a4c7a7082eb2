import assert from "node:assert/strict";
import { withStore } from "../../support/collect_sky.ts";
import { liveDaemon } from "../../support/daemon_life.ts";
import { startFakeCore } from "../../support/fake_core.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { until } from "../../support/until.ts";

/** Nothing listens there. */
const NOBODY = "http://127.0.0.1:1";

Deno.test("a worker whose core never comes ends with 1 after the idle time", () =>
  withStore(async (store) => {
    const clock = new ManualClock();
    const stop = new AbortController().signal;
    const life = { uri: NOBODY, store, request: { idleSeconds: 60 }, ports: { clock } };
    const code = liveDaemon(life, stop);
    await until(() => clock.asleep.length > 1, "an attempt failed");
    clock.advance(60_000);
    assert.equal(await code, 1);
  }));

Deno.test("a worker without a collect ends with 1 after the idle time", () =>
  withStore(async (store) => {
    await using core = await startFakeCore({ dialect: "ckcore" });
    const clock = new ManualClock();
    const stop = new AbortController().signal;
    const life = { uri: core.url, store, request: { idleSeconds: 60 }, ports: { clock } };
    const code = liveDaemon(life, stop);
    await core.until(() => core.isConnected("worker-collect_cleanup"));
    clock.advance(60_000);
    assert.equal(await code, 1);
    assert.deepEqual(core.subscriptions(), []);
  }));

Deno.test("a worker that is stopped before its core comes ends with 0", () =>
  withStore(async (store) => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const code = liveDaemon({ uri: NOBODY, store, ports: { clock } }, stop.signal);
    await until(() => clock.asleep.length > 0, "an attempt failed");
    stop.abort("SIGTERM");
    assert.equal(await code, 0);
  }));
