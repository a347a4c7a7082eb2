import { serveCollector } from "ckworker";
import { thisGcpMachine } from "./access/machine.ts";
import { createCollector } from "./collector.ts";
import { toMapping } from "./engine/mapping.ts";
import { manifest } from "./manifest.ts";
import mapping from "./mapping.json" with { type: "json" };

serveCollector(createCollector(toMapping(mapping), thisGcpMachine), manifest.options);
