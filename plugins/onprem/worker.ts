import { serveCollector } from "ckworker";
import { thisMachine } from "./client/machine.ts";
import { createCollector } from "./collector.ts";
import { manifest } from "./manifest.ts";

serveCollector(createCollector(thisMachine), manifest.options);
