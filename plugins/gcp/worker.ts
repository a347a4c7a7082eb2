import { readMapping, serveCollector } from "ckworker";
import { thisGcpMachine } from "./access/machine.ts";
import { createCollector } from "./collector.ts";
import { manifest } from "./manifest.ts";
import mapping from "./mapping.json" with { type: "json" };

serveCollector(createCollector(readMapping(mapping), thisGcpMachine), manifest.options);
