import { serveCollector } from "ckworker";
import calls from "../../../../../plugins/aws/calls.json" with { type: "json" };
import { createCollector } from "../../../../../plugins/aws/collector.ts";
import { manifest } from "../../../../../plugins/aws/manifest.ts";
import { toMapping } from "../../../../../plugins/aws/engine/mapping.ts";
import mapping from "../../../../../plugins/aws/mapping.json" with { type: "json" };
import { type Machine, thisMachine } from "../../../../../plugins/aws/discovery/network.ts";
import { resources } from "../../../../../plugins/aws/resources/mod.ts";

/** How much faster than on the wall the time of this guest goes. */
const SPEED = 100;

const started = Date.now();

/** The true machine without its variables, where minutes of waiting are over in a second. */
const fastMachine: Machine = {
  ...thisMachine,
  env: () => undefined,
  clock: {
    ...thisMachine.clock,
    now: () => started + (Date.now() - started) * SPEED,
    sleep: (ms, signal) => thisMachine.clock.sleep(ms / SPEED, signal),
  },
  requestMs: 3_000,
};

const parts = { resources, mapping: toMapping(mapping), calls };
serveCollector(createCollector(parts, fastMachine), manifest.options);
