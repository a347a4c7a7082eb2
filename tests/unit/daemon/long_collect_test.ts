import assert from "node:assert/strict";
import { DISKS, withStore } from "../../support/collect_sky.ts";
import { liveDaemon } from "../../support/daemon_life.ts";
import { startFakeCore } from "../../support/fake_core.ts";
import type { GuestScript } from "../../support/fake_guest.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { until } from "../../support/until.ts";

/** A guest that says when it has begun, and ends when it is let go. */
function slowGuest(): { readonly script: GuestScript; begun: boolean; readonly letGo: () => void } {
  const gate = Promise.withResolvers<void>();
  const guest = {
    begun: false,
    letGo: gate.resolve,
    script: async (context: Parameters<GuestScript>[0]) => {
      context.accounts({ complete: true, accounts: [{ id: "1" }], unfiltered: true });
      const accounts = await context.open({ account: "1", resource: "sky_account" });
      await accounts.node({ kind: "sky_account", id: "1", reported: {} });
      await accounts.close();
      const regions = await context.open({ ...DISKS, resource: "sky_region" });
      await regions.node({ kind: "sky_region", id: "r1", name: "r1", reported: {} });
      await regions.close();
      const disks = await context.open(DISKS);
      await disks.node({ kind: "sky_disk", id: "d", reported: { value: 1 } });
      guest.begun = true;
      const onAbort = () => gate.resolve();
      context.signal.addEventListener("abort", onAbort, { once: true });
      await gate.promise;
      await disks.close();
    },
  };
  return guest;
}

for (const dialect of ["ckcore", "fixcore"] as const) {
  Deno.test(`${dialect}: what a collect finds that takes longer than --timeout reaches the core`, () =>
    withStore(async (store) => {
      await using core = await startFakeCore({ dialect });
      const clock = new ManualClock();
      const stop = new AbortController();
      const guest = slowGuest();
      const orders = { timeoutSeconds: 60 };
      const life = { uri: core.url, store, guest: guest.script, orders, ports: { clock } };
      const code = liveDaemon(life, stop.signal);
      const id = dialect === "ckcore" ? "worker-collect_cleanup" : "fix.worker-collector";
      await core.until(() => core.isConnected(id));
      core.startWorkflow(["collect"]);
      await until(() => guest.begun, "the guest collects");
      clock.advance(60_000);
      guest.letGo();
      await core.until(() => [...core.graph().nodes.values()].some(isDisk));
      stop.abort("SIGTERM");
      assert.equal(await code, 0);
    }));
}

function isDisk({ reported }: { readonly reported: Readonly<Record<string, unknown>> }): boolean {
  return reported["id"] === "d";
}
