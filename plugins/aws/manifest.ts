import { defineManifest } from "ckworker";
import { enabledCalls } from "./discovery/enabled.ts";
import { options } from "./options.ts";
import { configPaths, filled } from "./discovery/profile.ts";
import { findConfiguration, rights } from "./discovery/rights.ts";

/** What the host knows of this plugin: data and pure functions, no cloud library. */
export const manifest = defineManifest({
  name: "aws",
  type: "collector",
  description: "Collects Amazon Web Services: accounts, regions and what is in them",
  clouds: ["aws"],
  options,
  sees: (_, env) => {
    const { config, credentials } = configPaths(filled(env));
    return { env: ["AWS_*", "HOME", "USERPROFILE"], files: [config, credentials] };
  },
  permissions: rights,
  enabledCalls,
  configured: findConfiguration,
  guests: ({ fork }, cores) => fork ? cores : 1,
});
