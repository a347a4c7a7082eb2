import { serveCollector } from "ckworker";
import { thisMachine } from "./client/machine.ts";
import { createCollector } from "./collector.ts";
import { toMapping } from "./engine/mapping.ts";
import { manifest } from "./manifest.ts";
import mapping from "./mapping.json" with { type: "json" };

serveCollector(createCollector(toMapping(mapping), thisMachine), manifest.options);
