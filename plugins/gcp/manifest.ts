import { defineManifest } from "ckworker";
import { findConfiguration, rights, sees } from "./access/rights.ts";
import { enabledCalls } from "./engine/selection.ts";
import { options } from "./options.ts";

/** What the host knows of this plugin: data and pure functions. */
export const manifest = defineManifest({
  name: "gcp",
  type: "collector",
  description: "Collects Google Cloud: projects with machines, networks, buckets and databases",
  clouds: ["gcp"],
  options,
  sees,
  permissions: rights,
  enabledCalls,
  configured: findConfiguration,
  guests: ({ fork }, cores) => fork ? cores : 1,
});
