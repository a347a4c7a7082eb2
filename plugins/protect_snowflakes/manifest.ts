import { defineActionManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin. */
export const manifest = defineActionManifest({
  name: "protect_snowflakes",
  type: "action",
  description: "Protects the nodes that a file lists from being cleaned up",
  action: "post_collect",
  subscriber: "ProtectSnowflakesPlugin",
  may: ["protect"],
  options: z.object({
    config: z.string().optional().describe("YAML file with the nodes to protect")
      .meta({ placeholder: "FILE" }),
  }),
  enabled: ({ config }) => ({
    enabled: config !== undefined,
    reason: "--protect-snowflakes-config",
  }),
  files: ({ config }) => config === undefined ? [] : [config],
});
