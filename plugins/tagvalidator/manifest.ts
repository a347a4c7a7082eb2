import { defineActionManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin. */
export const manifest = defineActionManifest({
  name: "tagvalidator",
  type: "action",
  description: "Shortens expiration tags that exceed what their account allows",
  action: "pre_cleanup_plan",
  subscriber: "TagValidatorPlugin",
  may: ["note", "tag"],
  options: z.object({
    config: z.string().optional().describe("YAML file with kinds and accounts")
      .meta({ placeholder: "FILE" }),
    dry_run: z.boolean().default(false).describe("Say what would be changed and change no tag"),
  }),
  enabled: ({ config }) => ({ enabled: config !== undefined, reason: "--tagvalidator-config" }),
  files: ({ config }) => config === undefined ? [] : [config],
});
