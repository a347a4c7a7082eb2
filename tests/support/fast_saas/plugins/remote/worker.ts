import { serveCollector } from "ckworker";
import { createCollector } from "../../../../../plugins/remote/collector.ts";
import { manifest } from "../../../../../plugins/remote/manifest.ts";
import { fastMachine } from "../../fast_machine.ts";

serveCollector(createCollector(fastMachine), manifest.options);
