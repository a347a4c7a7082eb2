import assert from "node:assert/strict";
import { withStore } from "../../support/collect_sky.ts";
import { liveDaemon, ORDERS } from "../../support/daemon_life.ts";
import { startFakeCore } from "../../support/fake_core.ts";
import { KeepingLog } from "../../support/keeping_log.ts";
import { until } from "../../support/until.ts";

Deno.test("changed settings of the core that only a start uses are named in one line", () =>
  withStore(async (store) => {
    await using core = await startFakeCore({ dialect: "fixcore" });
    const log = new KeepingLog();
    const stop = new AbortController();
    const code = liveDaemon({
      ...{ uri: core.url, store },
      request: {
        log,
        readDocument: ({ sky = {} }) => given(JSON.stringify(sky)),
        settle: (document) => ({
          ...ORDERS,
          ...JSON.parse(document.get("orders")?.texts[0] ?? "{}"),
        }),
      },
    }, stop.signal);
    await core.until(() => core.isConnected("fix.worker-collector"));
    core.setConfig("fix.worker", { sky: { replace: "account" } });
    await until(() => log.count(/daemon\.document /) === 2, "read again");
    assert.equal(log.count(/daemon\.document\.start/), 0);
    core.setConfig("fix.worker", { sky: { graph: "other", timeoutSeconds: 5, clouds: ["sky"] } });
    await until(() => log.count(/daemon\.document /) === 3, "read once more");
    assert.equal(log.count(/warn daemon\.document\.start .*"keys":"graph, timeout"/), 1);
    stop.abort("SIGTERM");
    assert.equal(await code, 0);
  }));

function given(text: string) {
  return new Map([["orders", { texts: [text], origin: "fix.worker", source: "core" } as const]]);
}
