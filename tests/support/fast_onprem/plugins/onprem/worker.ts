import { serveCollector } from "ckworker";
import { thisMachine } from "../../../../../plugins/onprem/client/machine.ts";
import { createCollector } from "../../../../../plugins/onprem/collector.ts";
import { manifest } from "../../../../../plugins/onprem/manifest.ts";

/** The true machine, with less patience. */
const machine = { ...thisMachine, loginMs: 6_000, commandMs: 3_000 };

serveCollector(createCollector(machine), manifest.options);
