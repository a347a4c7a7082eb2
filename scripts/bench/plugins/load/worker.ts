import { serveCollector } from "ckworker";
import { loadCollector } from "./collector.ts";
import { manifest } from "./manifest.ts";

serveCollector(loadCollector, manifest.options);
