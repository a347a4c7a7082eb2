import { serveCollector } from "ckworker";
import { createCollector } from "../../../../../plugins/github/collector.ts";
import { manifest } from "../../../../../plugins/github/manifest.ts";
import { fastMachine } from "../../fast_machine.ts";

serveCollector(createCollector(fastMachine), manifest.options);
