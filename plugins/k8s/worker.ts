import { readMapping, serveCollector } from "ckworker";
import { thisMachine } from "./client/machine.ts";
import { createCollector } from "./collector.ts";
import { manifest } from "./manifest.ts";
import mapping from "./mapping.json" with { type: "json" };

serveCollector(createCollector(readMapping(mapping), thisMachine), manifest.options);
