import assert from "node:assert/strict";
import { CoreGraph, Delivery } from "../../../lib/daemon/mod.ts";
import { openStore, pendingUploads } from "../../../lib/store/mod.ts";
import { withStore } from "../../support/collect_sky.ts";
import {
  ACCOUNTS,
  collectSky,
  ENTRY,
  KINDS,
  REGIONS,
  type SkyPlan,
  TARGET,
} from "../../support/core_sky.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { ModelCore } from "../../support/model_core.ts";
import { silentLogger } from "../../support/silent_logger.ts";
import { until } from "../../support/until.ts";

const PLAN: SkyPlan = {
  world: new Map([["1/r1/sky_net", new Map([["a", 1]])]]),
  listed: [...ACCOUNTS],
  complete: true,
  skipped: [],
  filters: [],
  regions: REGIONS.map(({ name }) => name),
  kinds: [...KINDS],
  closed: [],
  faults: new Map(),
  crashAfter: undefined,
};

const now = () => new Date("2026-01-01T00:00:00Z");

function deliveryTo(core: ModelCore, path: string, clock: ManualClock): Delivery {
  return new Delivery({
    graph: new CoreGraph(core, TARGET),
    store: { path, kinds: ENTRY.model.kinds },
    replace: () => "auto",
    clock,
    log: silentLogger,
    now,
    onAttempt: () => {},
  });
}

Deno.test("an earlier graph that waits for the core is given up for the one of a later run", () =>
  withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const clock = new ManualClock();
    const delivery = deliveryTo(core, path, clock);
    const signal = new AbortController().signal;
    await collectSky(path, PLAN, core, "auto");
    core.isDown = true;
    const catchUp = delivery.catchUp(signal);
    await until(() => clock.asleep.length > 0, "the first attempt failed");
    const { run } = await collectSky(path, PLAN, core, "auto");
    core.isDown = false;
    const upload = await delivery.deliver({ run, clouds: ["sky"] }, signal);
    assert.equal(upload.outcome, "accepted");
    clock.advance(60_000);
    await catchUp;
    assert.equal(core.commits, 1);
    assert.deepEqual(delivery.waiting, []);
    using store = await openStore({ path, kinds: ENTRY.model.kinds, mode: "read", now });
    assert.deepEqual(pendingUploads(store, TARGET), []);
  }));

Deno.test("a run that was made without a core, however long ago, is not handed to one", () =>
  withStore(async (path) => {
    const core = new ModelCore("ckcore");
    await collectSky(path, PLAN, undefined, "auto");
    await deliveryTo(core, path, new ManualClock()).catchUp(new AbortController().signal);
    assert.equal(core.commits, 0);
  }));

Deno.test("what an earlier life left is handed over once the core is there", () =>
  withStore(async (path) => {
    const core = new ModelCore("ckcore");
    await collectSky(path, PLAN, core, "auto");
    const delivery = deliveryTo(core, path, new ManualClock());
    await delivery.catchUp(new AbortController().signal);
    await delivery.catchUp(new AbortController().signal);
    assert.equal(core.commits, 1);
  }));

Deno.test("an earlier graph that goes up when the worker stops may finish", () =>
  withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const commit = core.commit.bind(core);
    core.commit = async (upload) => {
      begun.resolve();
      await held.promise;
      return await commit(upload);
    };
    await collectSky(path, PLAN, core, "auto");
    const delivery = deliveryTo(core, path, new ManualClock());
    const enough = new AbortController();
    const catchUp = delivery.catchUp(new AbortController().signal, { enough: enough.signal });
    await begun.promise;
    enough.abort();
    held.resolve();
    await catchUp;
    assert.equal(core.commits, 1);
    assert.deepEqual(delivery.waiting, []);
  }));

Deno.test("no upload of an earlier graph begins when the worker stops", () =>
  withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const clock = new ManualClock();
    await collectSky(path, PLAN, core, "auto");
    const delivery = deliveryTo(core, path, clock);
    const [signal, enough] = [new AbortController().signal, new AbortController()];
    core.isDown = true;
    const catchUp = delivery.catchUp(signal, { enough: enough.signal });
    await until(() => clock.asleep.length > 0, "the first attempt failed");
    core.isDown = false;
    enough.abort();
    await catchUp;
    await delivery.catchUp(signal, { enough: enough.signal });
    assert.equal(core.commits, 0);
    assert.equal(delivery.waiting.length, 1);
  }));
