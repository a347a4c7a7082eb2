import { serveCollector } from "ckworker";
import calls from "./calls.json" with { type: "json" };
import { createCollector } from "./collector.ts";
import { manifest } from "./manifest.ts";
import { toMapping } from "./mapping.ts";
import mapping from "./mapping.json" with { type: "json" };
import { thisMachine } from "./network.ts";
import { resources } from "./resources/mod.ts";

const parts = { resources, mapping: toMapping(mapping), calls };
serveCollector(createCollector(parts, thisMachine), manifest.options);
