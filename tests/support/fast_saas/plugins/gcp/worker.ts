import { readMapping, serveCollector } from "ckworker";
import { createCollector } from "../../../../../plugins/gcp/collector.ts";
import { manifest } from "../../../../../plugins/gcp/manifest.ts";
import mapping from "../../../../../plugins/gcp/mapping.json" with { type: "json" };
import { fastMachine } from "../../fast_machine.ts";

const machine = { ...fastMachine, readFile: (path: string) => Deno.readTextFile(path) };

serveCollector(createCollector(readMapping(mapping), machine), manifest.options);
