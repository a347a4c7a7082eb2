import { serveCollector } from "ckworker";
import { createCollector } from "../../../../../plugins/onelogin/collector.ts";
import { manifest } from "../../../../../plugins/onelogin/manifest.ts";
import { fastMachine } from "../../fast_machine.ts";

serveCollector(createCollector(fastMachine), manifest.options);
