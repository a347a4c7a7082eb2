import { serveCollector } from "ckworker";
import { createCollector } from "../../../../../plugins/slack/collector.ts";
import { manifest } from "../../../../../plugins/slack/manifest.ts";
import { fastMachine } from "../../fast_machine.ts";

serveCollector(createCollector(fastMachine), manifest.options);
