import { serveCollector, thisMachine } from "ckworker";
import { createCollector } from "./collector.ts";
import { manifest } from "./manifest.ts";

serveCollector(createCollector(thisMachine), manifest.options);
