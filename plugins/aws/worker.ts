import { serveCollector } from "ckworker";
import calls from "./calls.json" with { type: "json" };
import { createCollector } from "./collector.ts";
import { manifest } from "./manifest.ts";
import { toMapping } from "./engine/mapping.ts";
import mapping from "./mapping.json" with { type: "json" };
import { thisMachine } from "./discovery/network.ts";
import { NO_HOME } from "./discovery/profile.ts";
import { resources } from "./resources/mod.ts";

// Where no variable names a home folder, the SDK looks for one by the user's id, and a user that
// the machine does not know has none.
if (Deno.env.get("HOME") === undefined && Deno.env.get("USERPROFILE") === undefined) {
  Deno.env.set("HOME", NO_HOME);
}

const parts = { resources, mapping: toMapping(mapping), calls };
serveCollector(createCollector(parts, thisMachine), manifest.options);
