import { serveCollector } from "ckworker";
import { createCollector } from "../../../../../plugins/vsphere/collector.ts";
import { manifest } from "../../../../../plugins/vsphere/manifest.ts";
import { fastMachine } from "../../fast_machine.ts";

serveCollector(createCollector(fastMachine), manifest.options);
