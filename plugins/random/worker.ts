import { serveCollector } from "ckworker";
import { collector } from "./collector.ts";
import { manifest } from "./manifest.ts";

serveCollector(collector, manifest.options);
