import { defineActionManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin. */
export const manifest = defineActionManifest({
  name: "cleanup_untagged",
  type: "action",
  description: "Marks nodes of listed kinds and accounts that miss a required tag",
  action: "cleanup_plan",
  subscriber: "CleanupUntaggedPlugin",
  may: ["mark"],
  options: z.object({
    config: z.string().optional().describe("YAML file with tags, kinds and accounts")
      .meta({ placeholder: "FILE" }),
  }),
  enabled: ({ config }) => ({
    enabled: config !== undefined,
    reason: "--cleanup-untagged-config",
  }),
  files: ({ config }) => config === undefined ? [] : [config],
});
