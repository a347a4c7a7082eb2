import assert from "node:assert/strict";
import type { Logger } from "../../../lib/log/mod.ts";
import { withStore } from "../../support/collect_sky.ts";
import { liveDaemon } from "../../support/daemon_life.ts";
import { startFakeCore } from "../../support/fake_core.ts";
import { silentLogger } from "../../support/silent_logger.ts";

/** A log that fails once, in the middle of the worker's work. */
function brokenLog(): Logger {
  let isBroken = false;
  const log: Logger = {
    ...silentLogger,
    debug: (event) => {
      if (event !== "core.link.ended" || isBroken) return;
      isBroken = true;
      throw new Error("a bug");
    },
    with: () => log,
  };
  return log;
}

Deno.test("a worker that breaks lets its core go and leaves nothing running", () =>
  withStore(async (store) => {
    await using core = await startFakeCore({ dialect: "ckcore" });
    const life = { uri: core.url, store, request: { log: brokenLog() } };
    const code = liveDaemon(life, new AbortController().signal);
    code.catch(() => {});
    await core.until(() => core.isConnected("worker-collect_cleanup") && core.queue.workers > 0);
    core.cut();
    await assert.rejects(code, /a bug/);
    await core.until(() => !core.isConnected("worker-collect_cleanup"));
    await core.until(() => core.queue.workers === 0);
    assert.deepEqual(core.subscriptions(), []);
  }));
