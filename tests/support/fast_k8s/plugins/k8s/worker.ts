import { readMapping, serveCollector } from "ckworker";
import { type Machine, thisMachine } from "../../../../../plugins/k8s/client/machine.ts";
import { createCollector } from "../../../../../plugins/k8s/collector.ts";
import { manifest } from "../../../../../plugins/k8s/manifest.ts";
import mapping from "../../../../../plugins/k8s/mapping.json" with { type: "json" };

const { clock } = thisMachine;

const START = clock.now();

/** Time goes a hundred times faster. */
const machine: Machine = {
  ...thisMachine,
  requestMs: 5_000,
  clock: {
    ...clock,
    now: () => START + (clock.now() - START) * 100,
    sleep: (ms, signal) => clock.sleep(Math.ceil(ms / 100), signal),
  },
};

serveCollector(createCollector(readMapping(mapping), machine), manifest.options);
